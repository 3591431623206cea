// Small questions about text that several layers ask.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relay {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool IsAlphanumeric(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// ASCII only: names of variables, headers and configuration keys.
std::string ToLower(std::string_view text);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// Without leading and trailing space, tab, CR and LF.
std::string_view Trim(std::string_view text);

// Every byte but the unreserved characters of RFC 3986 (letters, digits, "-._~") as %XX.
std::string PercentEncode(std::string_view text);

// Well-formed UTF-8 by RFC 3629: no overlong forms, surrogates or code points above U+10FFFF.
bool IsUtf8(std::string_view text);

// The candidate within two edits of `word`, the nearest first in the list; empty when none is.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

// For a terminal: what was posted must not move the cursor or forge a line. Control characters,
// those of ISO 6429 in UTF-8 (U+0080 to U+009F) too, become `mask`, except those in `kept`.
std::string MaskControls(std::string_view text, char mask, std::string_view kept = {});

}  // namespace relay
