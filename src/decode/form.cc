#include "decode/form.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/eight_bytes.h"
#include "base/text.h"
#include "decode/byte_fields.h"
#include "decode/byte_order.h"
#include "decode/charset.h"

namespace relay {
namespace {

constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::array<std::int8_t, 256> kHexDigits = [] {
  std::array<std::int8_t, 256> digits{};
  for (int c = 0; c < 256; ++c)
    digits.at(c) = static_cast<std::int8_t>(HexDigit(static_cast<char>(c)));
  return digits;
}();

// What "%XX" stands for; nothing where that is not what stands here.
std::optional<char> ReadEscape(std::string_view text) {
  if (text.size() < 3) return std::nullopt;
  const int high = kHexDigits.at(static_cast<unsigned char>(text[1]));
  const int low = kHexDigits.at(static_cast<unsigned char>(text[2]));
  if ((high | low) < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

// Copies up to the first "%", with spaces for each "+", and returns how far that is. Eight bytes
// can be written wherever eight are left to be read.
std::size_t CopyPlain(std::string_view text, char* to) {
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    const std::uint64_t word = LoadEight(text.data() + at);
    StoreEight(word ^ (WhereIs('+', word) >> 7) * ('+' ^ ' '), to + at);
    const std::uint64_t escapes = WhereIs('%', word);
    if (escapes != 0) return at + FirstOf(escapes);
  }
  for (; at < text.size() && text[at] != '%'; ++at) to[at] = text[at] == '+' ? ' ' : text[at];
  return at;
}

std::string PercentDecode(std::string_view text) {
  std::string bytes(text.size(), '\0');
  char* end = bytes.data();
  for (;;) {
    const std::size_t plain = CopyPlain(text, end);
    end += plain;
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto escaped = ReadEscape(text);
    *end++ = escaped.value_or('%');
    text.remove_prefix(escaped ? 3 : 1);
  }
  bytes.resize(static_cast<std::size_t>(end - bytes.data()));
  return bytes;
}

// Names and values as bytes in an encoding not yet known.
Result<std::vector<ByteField>> SplitForm(std::string_view text, const DecodeLimits& limits) {
  std::vector<ByteField> fields;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty()) continue;
    if (fields.size() == limits.fields) return TooManyFields(limits);
    const std::size_t equals = std::min(part.find('='), part.size());
    fields.push_back({PercentDecode(part.substr(0, equals)),
                      PercentDecode(part.substr(std::min(equals + 1, part.size()))), std::nullopt});
  }
  return fields;
}

// In UTF-16 no byte stands for itself, so the form has to be text before it can be split.
Result<std::vector<ByteField>> SplitWideForm(std::string_view text, const Charset& charset,
                                             const DecodeLimits& limits) {
  const auto form = ToUtf8(text, charset);
  if (!form) return Error{ErrorKind::BadInput, "holds bytes that mean nothing in UTF-16"};
  return SplitForm(*form, limits);
}

Result<std::vector<ByteField>> Split(const RawPost& post, const DecodeLimits& limits) {
  const std::string_view whole = Trim(post.body).empty() ? post.query : post.body;
  const Opening opening = ReadOpening(whole);
  const std::string_view text = whole.substr(opening.mark);
  switch (opening.order) {
    case ByteOrder::Utf16Little:
      return SplitWideForm(text, Charset{"UTF-16LE"}, limits);
    case ByteOrder::Utf16Big:
      return SplitWideForm(text, Charset{"UTF-16BE"}, limits);
    case ByteOrder::Bytes:
    case ByteOrder::Utf8WithMark:
      break;
  }
  return SplitForm(text, limits);
}

}  // namespace

Result<Fields> DecodeForm(const RawPost& post, const DecodeLimits& limits) {
  Result<std::vector<ByteField>> fields = Split(post, limits);
  if (!fields) return fields.error();
  return ReadByteFields(*std::move(fields), post.content_type, limits);
}

}  // namespace relay
