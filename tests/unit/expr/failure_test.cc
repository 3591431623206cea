#include "expr/failure.h"

#include <gtest/gtest.h>

#include <vector>

namespace relay {
namespace {

struct Row {
  std::string_view message;
  std::string_view says;
};

TEST(Failure, TellsMessagesOfJqWithoutTheirValues) {
  const std::vector<Row> rows = {
      {"Cannot index number with string \"secret\"", "cannot index number with string"},
      {"Cannot index string with string \"a\" b\"", "cannot index string with string"},
      {"Cannot index array with object", "cannot index array with object"},
      {"Cannot iterate over null (null)", "cannot iterate over null"},
      {"Cannot iterate over string (\"secr...)", "cannot iterate over string"},
      {"string (\"1) and \") and array ([\"secr...) cannot be added",
       "string and array cannot be added"},
      {"number (1) and number (0) cannot be divided because the divisor is zero",
       "number and number cannot be divided because the divisor is zero"},
      {"array ([\"secr...) cannot be parsed as a number", "array cannot be parsed as a number"},
      {"boolean (true) has no keys", "boolean has no keys"},
      {"Cannot check whether object has a number key",
       "cannot check whether object has a number key"},
      {"Invalid numeric literal at EOF at line 1, column 6 (while parsing 'secret')",
       "the text is not a number or JSON"},
      {"date \"secret\" does not match format \"%Y\"", "the date does not match the format"},
      {"Regex failure: undefined name <secret> reference", "the regular expression is not valid"},
      {"secret is not a valid modifier string", "the regular expression's flags are not valid"},
      {"Invalid path expression with result \"secret\"", "invalid path expression"},
      {"Range bounds must be numeric", "range bounds must be numeric"},
      {"break", "there is no other input"},
  };
  for (const Row& row : rows) EXPECT_EQ(DescribeFailure(row.message), row.says);
}

TEST(Failure, TellsNothingOfAMessageOfUnknownShape) {
  const std::string long_text = "Cannot iterate over string (\"" + std::string(5000, 'x') + "\")";
  for (const std::string_view message :
       {std::string_view(""), std::string_view("secret"), std::string_view("Cannot index"),
        std::string_view("Cannot index secret with string \"a\""),
        std::string_view("number (1) has no secret"), std::string_view(long_text)}) {
    EXPECT_EQ(DescribeFailure(message), "the expression failed") << message;
  }
}

TEST(Failure, TellsARejectionInOneLineWithoutTheProgramAroundIt) {
  const std::vector<Row> rows = {
      {"jq: error: foo/0 is not defined at <top-level>, line 30:\n.post | foo",
       "foo/0 is not defined"},
      {"jq: error: syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, "
       "line 1:\n1 +",
       "syntax error, unexpected end"},
      {"jq: error: syntax error, unexpected '%', expecting $end (Unix shell quoting issues?) at "
       "<top-level>, line 1:\n%",
       "syntax error, unexpected '%'"},
      {"jq: error: $*label-out is not defined at <top-level>, line 1:\n",
       "label $out is not defined"},
      {"jq: error: Cannot use number (1)\nas object key\n", "Cannot use number (1) as object key"},
  };
  for (const Row& row : rows) EXPECT_EQ(DescribeRejection(row.message), row.says);
}

}  // namespace
}  // namespace relay
