// Where the text of a jq expression ends. Knows of jq's grammar only what can hide an end: string
// literals with their \( ) interpolations, comments and brackets. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace relay {

enum class ScanUntil {
  EndOfText,    // the text is one expression
  DoubleBrace,  // the expression ends before the first "}}" outside of strings and brackets
};

struct Scan {
  std::size_t end = 0;  // one past the expression; where the problem is, if there is one
  bool blank = true;    // nothing but space and comments
  std::optional<std::string> problem;
};

// A text without a problem has all its brackets and strings closed by itself, so what stands around
// it in a larger program cannot be reached from inside. Nothing else is promised: only jq knows
// whether it is an expression.
//
// A comment lasts until the end of its line; before DoubleBrace also until "}}", since most
// templates are one line and would otherwise never end.
Scan ScanExpression(std::string_view text, ScanUntil until);

}  // namespace relay
