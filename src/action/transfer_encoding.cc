#include "action/transfer_encoding.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"

namespace relay {
namespace {

constexpr std::size_t kLine = 76;
constexpr std::string_view kBreak = "\r\n";

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

bool IsPrintable(char c) {
  return c > ' ' && c < 0x7F && c != '=';
}

// The first character of `rest`, which has no line break in it, in quoted-printable.
std::string Quoted(std::string_view rest, std::size_t column) {
  const char c = rest.front();
  const bool blank_within = IsBlank(c) && rest.size() > 1;
  const bool changed_on_the_way = column == 0 && (c == '.' || rest.starts_with("From "));
  if ((IsPrintable(c) || blank_within) && !changed_on_the_way) return {c};
  return fmt::format("={:02X}", static_cast<unsigned char>(c));
}

void QuoteLine(std::string_view line, std::string& target) {
  std::size_t column = 0;
  for (; !line.empty(); line.remove_prefix(1)) {
    std::string quoted = Quoted(line, column);
    if (column + quoted.size() > kLine - 1) {  // the last is for the "=" of a line that goes on
      target.append("=").append(kBreak);
      column = 0;
      quoted = Quoted(line, column);
    }
    target += quoted;
    column += quoted.size();
  }
}

std::string QuotedPrintable(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() + text.size() / 8);
  while (true) {
    const auto end = text.find(kBreak);
    QuoteLine(text.substr(0, end), quoted);
    if (end == text.npos) return quoted;
    quoted += kBreak;
    text.remove_prefix(end + kBreak.size());
  }
}

std::string Base64Lines(std::string_view text) {
  const std::string encoded = EncodeBase64(text);
  std::string lines;
  lines.reserve(encoded.size() + encoded.size() / kLine * kBreak.size());
  for (std::size_t at = 0; at < encoded.size(); at += kLine) {
    if (at > 0) lines += kBreak;
    lines.append(encoded, at, kLine);
  }
  return lines;
}

std::string WithCrlf(std::string_view text) {
  std::string canonical;
  canonical.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) canonical += '\r';
    canonical += text[i];
  }
  return canonical;
}

// Whether so much has to be written as "=XX" that base64, which takes a third more, is shorter.
bool IsMostlyBinary(std::string_view text) {
  const auto plain = std::count_if(text.begin(), text.end(), [](char c) {
    return IsPrintable(c) || IsBlank(c) || c == '\r' || c == '\n';
  });
  const std::size_t quoted = text.size() - static_cast<std::size_t>(plain);
  return quoted > text.size() / 6;
}

}  // namespace

EncodedText EncodeText(std::string_view text) {
  const std::string canonical = WithCrlf(text);
  if (IsMostlyBinary(canonical)) return {"base64", Base64Lines(canonical)};
  return {"quoted-printable", QuotedPrintable(canonical)};
}

}  // namespace relay
