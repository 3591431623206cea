// Text between us, who have UTF-8, and ODBC, which has UTF-16. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

// What is not UTF-8 becomes U+FFFD. So does U+0000, where many drivers end a text.
std::u16string OdbcText(std::string_view utf8);

// Half a surrogate pair becomes U+FFFD.
std::string TextOfOdbc(std::u16string_view utf16);

// A value of a connection string, whatever it holds: in braces where it needs them, since not all
// drivers take them off.
std::string OdbcQuoted(std::string_view value);

}  // namespace relay
