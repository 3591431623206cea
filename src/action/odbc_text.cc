#include "action/odbc_text.h"

namespace relay {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// The first character and its length; one byte where it is none.
struct Character {
  char32_t code = kReplacement;
  std::size_t length = 1;
};

Character FirstOf(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return {first == 0 ? kReplacement : static_cast<char32_t>(first), 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  char32_t code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  const bool valid = first >= 0xC2 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) &&
                     code >= (length == 2   ? 0x80u
                              : length == 3 ? 0x800u
                                            : 0x10000u);
  return valid ? Character{code, length} : Character{};
}

}  // namespace

std::u16string OdbcText(std::string_view utf8) {
  std::u16string text;
  text.reserve(utf8.size());
  while (!utf8.empty()) {
    const Character character = FirstOf(utf8);
    if (character.code < 0x10000) {
      text += static_cast<char16_t>(character.code);
    } else {
      const char32_t rest = character.code - 0x10000;
      text += static_cast<char16_t>(0xD800 + (rest >> 10));
      text += static_cast<char16_t>(0xDC00 + (rest & 0x3FF));
    }
    utf8.remove_prefix(character.length);
  }
  return text;
}

std::string OdbcQuoted(std::string_view value) {
  const bool edged = value.empty() || value.front() == ' ' || value.back() == ' ';
  if (!edged && value.find_first_of("[]{}(),;?*=!@") == std::string_view::npos) {
    return std::string(value);
  }
  std::string quoted = "{";
  for (const char c : value) {
    quoted += c;
    if (c == '}') quoted += c;
  }
  return quoted + "}";
}

}  // namespace relay
