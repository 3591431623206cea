#include "expr/scan.h"

#include <gtest/gtest.h>

#include <vector>

namespace relay {
namespace {

struct ScanRow {
  std::string_view text;
  std::string_view expression;
};

TEST(Scan, EndsAnExpressionBeforeTheFirstDoubleBraceThatIsNotPartOfIt) {
  const std::vector<ScanRow> rows = {
      {".a}} tail", ".a"},
      {R"j("}}" + .a}}x)j", R"j("}}" + .a)j"},
      {R"j("{{"}})j", R"j("{{")j"},
      {R"j("\"}}"}})j", R"j("\"}}")j"},
      {R"j("\\"}}"}})j", R"j("\\")j"},
      {R"j("a\(.b | "}}")c}}"}}x)j", R"j("a\(.b | "}}")c}}")j"},
      {R"j("\({a: {b: ")"}})"}}x)j", R"j("\({a: {b: ")"}})")j"},
      {"{a: {b: 1}}}}x", "{a: {b: 1}}"},
      {"{a: {b: 1}} }}x", "{a: {b: 1}} "},
      {".a}}}", ".a"},
      {".a # a \" and a ) }}x", ".a # a \" and a ) "},
      {".a # it's\n + 1}}x", ".a # it's\n + 1"},
      {".\"#}}\"}}x", ".\"#}}\""},
      {"{a: {b: 1 # }}\n}}}}x", "{a: {b: 1 # }}\n}}"},
  };
  for (const ScanRow& row : rows) {
    const Scan scan = ScanExpression(row.text, ScanUntil::DoubleBrace);
    EXPECT_FALSE(scan.problem) << row.text;
    EXPECT_EQ(row.text.substr(0, scan.end), row.expression);
  }
}

TEST(Scan, TakesAWholeTextWhoseBracketsAndStringsAreClosed) {
  for (const std::string_view text : {".a", "(1) , (2)", "def f(x): [x]; f(1)", "\"}}\""}) {
    const Scan scan = ScanExpression(text, ScanUntil::EndOfText);
    EXPECT_FALSE(scan.problem) << text;
    EXPECT_EQ(scan.end, text.size());
  }
}

TEST(Scan, TakesAnythingInACommentOfAWholeText) {
  const Scan scan = ScanExpression(". # )]}\" }} [", ScanUntil::EndOfText);
  EXPECT_FALSE(scan.problem);
  EXPECT_EQ(scan.end, 13u);
}

TEST(Scan, SaysWhatIsLeftOpenOrClosesNothing) {
  struct Bad {
    std::string_view text;
    std::string_view problem;
    std::size_t at;
  };
  const std::vector<Bad> rows = {
      {"1) , (2", "\")\" closes nothing", 1},
      {"[1)", "\")\" where \"]\" is missing", 2},
      {"{a: [1}", "\"}\" where \"]\" is missing", 6},
      {"(1", "\"(\" is not closed", 2},
      {"[{}", "\"[\" is not closed", 3},
      {"\"abc", "a string is not closed", 4},
      {"\"abc\\", "a string is not closed", 5},
      {"\"\\(1\"", "a string is not closed", 5},
      {"\"\\(1]\"", "\"]\" where \")\" is missing", 4},
      {std::string_view(". \0 )", 5), "a NUL character", 2},
      {std::string_view("# \0", 3), "a NUL character", 2},
      {std::string_view("\"\0\"", 3), "a NUL character", 1},
      {std::string_view("\"\\\0\"", 4), "a NUL character", 2},
  };
  for (const Bad& row : rows) {
    const Scan scan = ScanExpression(row.text, ScanUntil::EndOfText);
    EXPECT_EQ(scan.problem.value_or("none"), row.problem) << row.text;
    EXPECT_EQ(scan.end, row.at) << row.text;
  }
  EXPECT_EQ(ScanExpression(".a }", ScanUntil::DoubleBrace).problem, "\"}\" closes nothing");
  EXPECT_EQ(ScanExpression("(.a }}", ScanUntil::DoubleBrace).problem,
            "\"}\" where \")\" is missing");
  EXPECT_EQ(ScanExpression("\".a }}", ScanUntil::DoubleBrace).problem, "{{ is not closed");
}

TEST(Scan, KnowsATextOfSpaceAndComments) {
  EXPECT_TRUE(ScanExpression("", ScanUntil::EndOfText).blank);
  EXPECT_TRUE(ScanExpression(" \t\n# foo\n ", ScanUntil::EndOfText).blank);
  EXPECT_FALSE(ScanExpression("# foo\n.", ScanUntil::EndOfText).blank);
  EXPECT_FALSE(ScanExpression("\"\"", ScanUntil::EndOfText).blank);
}

}  // namespace
}  // namespace relay
