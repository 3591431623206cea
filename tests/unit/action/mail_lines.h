// Reads the lines of a mail's header, for tests of what writes them.
#pragma once

#include <string>
#include <vector>

namespace relay {

// Without their CRLF.
std::vector<std::string> LinesOf(const std::string& text);
// A field in one line, as RFC 5322, 2.2.3 has it.
std::string Unfolded(const std::string& field);
// The encoded words of a field, and what they say together.
std::vector<std::string> WordsOf(const std::string& field);
std::string DecodedWords(const std::string& field);
// RFC 2045, 6.8; skips whatever is no base64.
std::string DecodedBase64(const std::string& text);
// RFC 2045, 6.7.
std::string DecodedQuotedPrintable(const std::string& text);

}  // namespace relay
