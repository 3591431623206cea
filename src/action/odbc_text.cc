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

std::string TextOfOdbc(std::u16string_view utf16) {
  std::string utf8;
  const auto put = [&](char32_t code) {
    const auto tail = [&](int shift) { utf8 += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) {
      utf8 += static_cast<char>(code);
    } else if (code < 0x800) {
      utf8 += static_cast<char>(0xC0 | code >> 6);
      tail(0);
    } else if (code < 0x10000) {
      utf8 += static_cast<char>(0xE0 | code >> 12);
      tail(6);
      tail(0);
    } else {
      utf8 += static_cast<char>(0xF0 | code >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
  };
  for (std::size_t i = 0; i < utf16.size(); ++i) {
    const char32_t unit = utf16[i];
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    const bool paired =
        high && i + 1 < utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000;
    if (paired) {
      put(0x10000 + ((unit - 0xD800) << 10) + (utf16[++i] - 0xDC00));
    } else {
      put(unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
    }
  }
  return utf8;
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
