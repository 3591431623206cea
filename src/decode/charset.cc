#include "decode/charset.h"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "base/text.h"
#include "decode/header_parameter.h"

namespace relay {
namespace {

constexpr std::array<char16_t, 32> kWindows1252From80{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

struct Alias {
  std::string_view label;
  std::string_view iconv_name;
};

constexpr Alias kAliases[] = {
    {"utf-8", "UTF-8"},       {"utf8", "UTF-8"},       {"utf-16", "UTF-8"},
    {"utf-16le", "UTF-8"},    {"utf-16be", "UTF-8"},   {"unicode", "UTF-8"},
    {"us-ascii", "CP1252"},   {"ascii", "CP1252"},     {"latin1", "CP1252"},
    {"iso-8859-1", "CP1252"}, {"iso8859-1", "CP1252"}, {"iso_8859-1", "CP1252"},
    {"koi8-r", "KOI8-R"},
};

// The number behind one of the prefixes, when it lies within the bounds.
template <std::size_t N>
std::optional<int> NumberAfter(std::string_view label,
                               const std::array<std::string_view, N>& prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (!label.starts_with(prefix)) continue;
    const std::string_view digits = label.substr(prefix.size());
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc() && end == digits.data() + digits.size()) return number;
  }
  return std::nullopt;
}

void AppendUtf8(char16_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::string FromWindows1252(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    AppendUtf8(byte >= 0x80 && byte < 0xA0 ? kWindows1252From80[byte - 0x80u] : byte, text);
  }
  return text;
}

class Converter {
 public:
  explicit Converter(const Charset& from) : handle_(iconv_open("UTF-8", from.iconv_name.c_str())) {}
  ~Converter() {
    if (ok()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool ok() const { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT: POSIX says so

  std::optional<std::string> Convert(std::string_view bytes) {
    std::string text;
    char* in = const_cast<char*>(bytes.data());  // iconv does not write to its input
    std::size_t left = bytes.size();
    // With no input left, one more call flushes what a stateful set still holds.
    while (left > 0) {
      if (!Step(&in, &left, text)) return std::nullopt;
    }
    if (!Step(nullptr, nullptr, text)) return std::nullopt;
    return text;
  }

 private:
  bool Step(char** in, std::size_t* left, std::string& text) {
    std::array<char, 16384> buffer;
    char* out = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t result = iconv(handle_, in, left, &out, &room);
    const bool full = result == static_cast<std::size_t>(-1) && errno == E2BIG;
    text.append(buffer.data(), buffer.size() - room);
    return full || result != static_cast<std::size_t>(-1);
  }

  iconv_t handle_;
};

}  // namespace

Charset Utf8() {
  return {"UTF-8"};
}
Charset Windows1252() {
  return {"CP1252"};
}

std::optional<Charset> FindCharset(std::string_view label) {
  constexpr std::array<std::string_view, 3> kIso{"iso-8859-", "iso8859-", "iso_8859-"};
  constexpr std::array<std::string_view, 2> kWindows{"windows-", "cp"};
  const std::string wanted = ToLower(Trim(label));
  for (const Alias& alias : kAliases) {
    if (wanted == alias.label) return Charset{std::string(alias.iconv_name)};
  }
  if (const auto part = NumberAfter(wanted, kIso); part && *part >= 2 && *part <= 16 && *part != 12)
    return Charset{"ISO-8859-" + std::to_string(*part)};
  if (const auto page = NumberAfter(wanted, kWindows); page && *page >= 1250 && *page <= 1258)
    return Charset{"CP" + std::to_string(*page)};
  return std::nullopt;
}

std::optional<Charset> CharsetOfContentType(std::string_view content_type) {
  const auto parameter = HeaderParameter(content_type, "charset");
  if (!parameter) return std::nullopt;
  std::string_view label = *parameter;
  if (label.size() > 1 && label.starts_with('\'') && label.ends_with('\''))
    label = label.substr(1, label.size() - 2);
  return FindCharset(label);
}

std::optional<std::string> ToUtf8(std::string_view bytes, const Charset& charset) {
  if (charset == Windows1252()) return FromWindows1252(bytes);
  if (charset == Utf8()) return IsUtf8(bytes) ? std::optional(std::string(bytes)) : std::nullopt;
  Converter converter(charset);
  if (!converter.ok()) return std::nullopt;
  return converter.Convert(bytes);
}

}  // namespace relay
