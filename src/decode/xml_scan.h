// What tinyxml2 must not be given, and what it would lose. Pure; any thread.
//
// tinyxml2 9 is quadratic in the attributes of one tag and in "&#" without ";", ends in silence at
// a NUL and at a closing tag too many, takes text around the root, drops text that is only white
// space, refuses processing instructions inside elements, and puts a stray byte in place of a bare
// "&" that follows a reference.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "decode/decode.h"

namespace relay {

// The document, which is UTF-8 with "\n" line breaks, in a form that tinyxml2 reads exactly and in
// linear time: comments and processing instructions are left out, "&" that opens no reference to a
// character is escaped, white space that opens a value is written as a reference.
//
// BadInput: a NUL, a DOCTYPE, a document that is cut short or has something but white space around
// its one root element, names or nesting beyond the limits, more markup than any post has. Whether
// names are well formed and tags match is left to the parser.
Result<std::string> PrepareXml(std::string_view document, const DecodeLimits& limits);

}  // namespace relay
