// jq's error messages, made fit for logs and listings. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

// What went wrong while an expression ran, from jq's message: "cannot index number with string".
// jq quotes the values at hand, which may be posted ones or secrets, and error() throws any text.
// So only messages of known shapes are told, and of these the words that are jq's own: verbs and
// types. All else is "the expression failed".
std::string DescribeFailure(std::string_view message);

// Why an expression does not compile, in one line. These messages speak of the expression alone.
// The line numbers are taken off: they count lines of the program around the expression.
std::string DescribeRejection(std::string_view message);

}  // namespace relay
