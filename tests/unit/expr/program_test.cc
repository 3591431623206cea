#include "expr/program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <thread>

namespace relay {
namespace {

using Expressions = std::vector<std::string>;

std::vector<Result<Json>> RunAll(const Expressions& expressions, const Json& post,
                                 const Json& secret = Json::object(),
                                 const Json& step = Json::object()) {
  Result<Program> program = Program::Compile(expressions);
  if (!program) return {program.error()};
  return program->Run(Input(post, secret, step));
}

Result<Json> RunOne(const std::string& expression, const Json& post = nullptr) {
  return RunAll({expression}, post).front();
}

// The result as one text, errors included, so that tables can hold it.
std::string Shown(const Result<Json>& result) {
  return result ? result->dump() : "! " + result.error().message;
}

struct ProgramRow {
  std::string expression;
  std::string result;
};

void ExpectRows(const std::vector<ProgramRow>& rows, const Json& post) {
  Expressions expressions;
  for (const ProgramRow& row : rows) expressions.push_back(row.expression);
  const auto results = RunAll(expressions, post);
  ASSERT_EQ(results.size(), rows.size()) << Shown(results.front());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(Shown(results[i]), rows[i].result) << rows[i].expression;
  }
}

TEST(Program, GivesOneResultForEachExpressionInOrder) {
  const Json post = {{"event", "closed"}, {"Tracking0", "A-1"}, {"WorkTime", 130}};
  ExpectRows({{R"(.event == "closed" and .Tracking0 != "")", "true"},
              {".Tracking0", R"("A-1")"},
              {"(.WorkTime // 0) / 60 | ceil", "3"},
              {".absent", "null"},
              {"{a: [., 1]} | .a | length", "2"}},
             post);
}

TEST(Program, BindsSecretAndStep) {
  const auto results = RunAll({"$secret.token + $step.id", "[$secret, $step] | length", "."},
                              "post", {{"token", "t"}}, {{"id", "7"}});
  EXPECT_EQ(Shown(results[0]), R"("t7")");
  EXPECT_EQ(Shown(results[1]), "2");
  EXPECT_EQ(Shown(results[2]), R"("post")");
}

TEST(Program, KeepsExpressionsOfEveryFormApart) {
  ExpectRows({{"1 # it's a comment (", "1"},
              {"def f: . + 1; 1 | f", "2"},
              {".a as $x | $x", "5"},
              {". as {a: $x} | $x", "5"},
              {"if .a > 1 then \"x\" else \"y\" end", R"("x")"},
              {"reduce (1, 2) as $i (0; . + $i)", "3"},
              {"try error(\"x\") catch .", R"("x")"},
              {"label $f | 1, break $f", "1"},
              {".a, 1 | select(. > 1)", "5"},
              {"def map(f): 7; map(.)", "7"},
              {"[.] | map(.a)", "[5]"},
              {"\"}} ) \\(.a) # \"", R"("}} ) 5 # ")"},
              {"\n.a\n", "5"}},
             {{"a", 5}});
}

TEST(Program, TakesNoOutputForNullAndRefusesSeveral) {
  ExpectRows({{"empty", "null"},
              {"first(empty)", "null"},
              {"try error(\"x\")", "null"},
              {"[1, 2][]", "! gives more than one value"},
              {"repeat(1)", "! gives more than one value"},
              {"1, error(\"x\")", "! the expression failed"},
              {"limit(1; 1, 2)", "1"},
              {"error(null)", "null"},
              {"first((1, 2) | select(. > 1)?)", "2"}},
             nullptr);
}

TEST(Program, TellsWhatFailedWithoutAnyValueAndRunsTheOthers) {
  ExpectRows(
      {{".n.secret", "! cannot index number with string"},
       {".n[.s]", "! cannot index number with string"},
       {".s + 1", "! string and number cannot be added"},
       {".none[]", "! cannot iterate over null"},
       {".s | tonumber", "! the text is not a number or JSON"},
       {".s | fromjson", "! the text is not a number or JSON"},
       {".s | test(\"(\")", "! the regular expression is not valid"},
       {".s | strptime(\"%Y\")", "! the date does not match the format"},
       {".n / (.n - 1)", "! number and number cannot be divided because the divisor is zero"},
       {"error(.s)", "! the expression failed"},
       {"error({a: .s})", "! the expression failed"},
       {".n", "1"}},
      {{"n", 1}, {"s", "hunter2"}});
  EXPECT_EQ(RunOne(".[]", 1).error().kind, ErrorKind::Permanent);
}

TEST(Program, NeitherEndsTheProcessNorReadsOrWrites) {
  ::setenv("RELAY_PROGRAM_TEST", "hunter2", 1);
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  ExpectRows({{"halt", "! the expression halts"},
              {"\"hunter2\" | halt_error", "! the expression halts"},
              {"{} | halt_error(1)", "! the expression halts"},
              {"1, halt", "! the expression halts"},
              {"try halt catch 1", "1"},
              {"1 | tostring", "\"1\""},
              {"input", "! there is no other input"},
              {"[inputs]", "[]"},
              {"input_filename", "null"},
              {"input_line_number", "! there is no other input"},
              {"1 | debug", "1"},
              {"1 | stderr", "1"},
              {"$ENV", "{}"},
              {"env.RELAY_PROGRAM_TEST", "null"},
              {"\"a\" | modulemeta", "! there is no other input"},
              {"get_search_list", "null"},
              {"$__loc__ | .file", R"("<top-level>")"},
              {"\"a b\" | @sh", R"("'a b'")"},
              {".", "null"}},
             nullptr);
  EXPECT_FALSE(RunOne("1 +"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Program, SurvivesWhatCrashesOrHangsTheOriginalFunctions) {
  ExpectRows({{".e | [scan(\"x*\")]", "[]"},
              {".e | [match(\"\"; \"g\")]", "[]"},
              {".e | [match([\"\", \"g\"])]", "[]"},
              {".e | [splits(\"x*\")]", R"(["éa é"])"},
              {".e | gsub(\"\"; \"-\")", R"("éa é")"},
              {".s | gsub(\"^\\\\s*\"; \"\")", R"("ab ")"},
              {".e | indices(\"\")", "[]"},
              {".e | index(\"\"), rindex(\"\") | values", "null"},
              {".big | todate", "! the number is not a date"},
              {".big | strftime(\"%Y\")", "! the number is not a date"},
              {".big | strflocaltime(\"%Y\")", "! the number is not a date"},
              {"0 | strftime([])", "! strftime/1 requires a string format"},
              {"\"nan\" | tonumber", "! string cannot be parsed as a number"}},
             {{"e", "éa é"}, {"s", "  ab "}, {"big", 1e300}});
}

TEST(Program, KeepsTheMeaningOfTheFunctionsItReplaces) {
  ExpectRows({{"0 | todate", R"("1970-01-01T00:00:00Z")"},
              {"0 | strftime(\"%Y\")", R"("1970")"},
              {"0 | gmtime | strftime(\"%d\")", R"("01")"},
              {".s | index(\"b\"), empty", "1"},
              {".s | indices(\"b\")", "[1,3]"},
              {".s | rindex(\"b\")", "3"},
              {"[1, 2, 1] | indices(1)", "[0,2]"},
              {"\"12\" | tonumber", "12"},
              {"\"a, é,b\" | [splits(\", *\")]", R"(["a","é","b"])"},
              {"\"a, é,b\" | split(\", *\"; null)", R"(["a","é","b"])"},
              {"\"a,b\" | split(\",\")", R"(["a","b"])"},
              {"\"éa1é22\" | [scan(\"\\\\d+\")]", R"(["1","22"])"},
              {"\"k=v\" | [scan(\"(.)=(.)\")]", R"([["k","v"]])"},
              {"\"k=v\" | capture(\"(?<k>.)=(?<v>.)\")", R"({"k":"k","v":"v"})"},
              {"\"k=v\" | capture([\"(?<k>K)\", \"i\"])", R"({"k":"k"})"},
              {"\"aXbX\" | sub(\"x\"; \"-\"; \"i\")", R"("a-bX")"},
              {"\"aXbX\" | gsub(\"x\"; \"-\"; \"i\")", R"("a-b-")"},
              {"\"éab\" | gsub(\"(?<c>[a-z])\"; \"<\\(.c)>\")", R"("é<a><b>")"},
              {"\"aab\" | gsub(\"^a\"; \"\")", R"("ab")"},
              {"[\"ab\" | gsub(\"a\"; \"x\", \"y\")]", R"(["xb","yb"])"},
              {"\"abc\" | test(\"B\"; \"i\")", "true"},
              {"\"abc\" | [match(\"b\").offset]", "[1]"},
              {"1 | match(\"b\")", "! number cannot be matched, as it is not a string"},
              {"\"a\" | match(1)", "! number not a string or array"}},
             {{"s", "abcb"}});
}

TEST(Program, ConvertsValuesBothWays) {
  const Json post = {{"int", 3222273024},
                     {"exact", 9007199254740992},
                     {"negative", -5},
                     {"real", 1.5},
                     {"huge", 1e300},
                     {"text", std::string("a\0\xC3\xA9", 4)},
                     {"list", {nullptr, true, false, Json::array(), Json::object()}}};
  EXPECT_EQ(Shown(RunOne(".", post)), post.dump());
  EXPECT_TRUE(RunOne(".int", post)->is_number_integer());
  EXPECT_TRUE(RunOne("4.0 / 2", post)->is_number_integer());
  EXPECT_EQ(Shown(RunOne("9223372036854775808")), "9.223372036854776e+18");
  EXPECT_TRUE(RunOne("nan")->is_null());
  EXPECT_TRUE(RunOne("-infinite")->is_null());
}

TEST(Program, TakesNumbersAndTextThatJsonCannotHold) {
  EXPECT_EQ(Shown(RunOne("type", std::nan(""))), R"("null")");
  EXPECT_EQ(Shown(RunOne("type", std::numeric_limits<double>::infinity())), R"("null")");
  EXPECT_EQ(Shown(RunOne(".", "a\xFF z")), "\"a\uFFFD z\"");
  EXPECT_EQ(Shown(RunOne(".", Json{{"\xC3", 1}})), "{\"\uFFFD\":1}");
}

Json Nested(int depth) {
  Json value = nullptr;
  for (int i = 1; i < depth; ++i) value = Json::array({std::move(value)});
  return value;
}

TEST(Program, RefusesValuesThatAreNestedTooDeeply) {
  EXPECT_TRUE(RunOne("length", Nested(256)).ok());
  EXPECT_EQ(Shown(RunOne("length", Nested(257))),
            "! read the post for expressions: a value is nested too deeply");
  EXPECT_TRUE(RunOne("reduce range(255) as $i (null; [.])").ok());
  EXPECT_EQ(Shown(RunOne("reduce range(256) as $i (null; [.])")), "! a value is nested too deeply");
  EXPECT_EQ(Shown(RunOne("reduce range(5000) as $i (null; {a: .})")),
            "! a value is nested too deeply");
}

TEST(Program, NamesTheExpressionThatDoesNotCompile) {
  const std::vector<ProgramRow> rows = {
      {"1) , (2", "expression 2: \")\" closes nothing"},
      {"1) else (2", "expression 2: \")\" closes nothing"},
      {"1 | . as $x", "expression 2: syntax error, unexpected end, expecting '|'"},
      {"1 +", "expression 2: syntax error, unexpected end"},
      {"", "expression 2: is empty"},
      {"# foo", "expression 2: is empty"},
      {"\"abc", "expression 2: a string is not closed"},
      {"1 elif true then 2", "expression 2: syntax error, unexpected elif"},
      {"1 else 2 end, if . then 3", "expression 2: syntax error, unexpected else"},
      {"1 end", "expression 2: syntax error, unexpected end"},
      {"nosuch(1)", "expression 2: nosuch/1 is not defined"},
      {"$nosuch", "expression 2: $nosuch is not defined"},
      {"break $f", "expression 2: label $f is not defined"},
      {"import \"a\" as a; .", "expression 2: syntax error, unexpected import"},
      {"include \"a\"; .", "expression 2: syntax error, unexpected include"},
      {"1/0", "expression 2: Division by zero?"},
      {std::string(".\0 garbage (", 12), "expression 2: a NUL character"},
  };
  for (const ProgramRow& row : rows) {
    const Result<Program> program = Program::Compile({".", row.expression, "."});
    ASSERT_FALSE(program) << row.expression;
    EXPECT_EQ(program.error().kind, ErrorKind::BadInput);
    EXPECT_EQ(program.error().message, row.result);
  }
}

TEST(Program, NamesTheFirstOfSeveralExpressionsThatDoNotCompile) {
  const Result<Program> program = Program::Compile({".", "nosuch", "1 +"});
  EXPECT_EQ(program.error().message, "expression 2: nosuch/0 is not defined");
}

TEST(Program, RunsAgainAfterFailuresWithOneInputForSeveralPrograms) {
  Result<Program> first = Program::Compile({".a", "halt", "error"});
  Result<Program> second = Program::Compile({".a + 1"});
  const Input input({{"a", 1}}, nullptr, nullptr);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Shown(first->Run(input)[0]), "1");
    EXPECT_EQ(Shown(second->Run(input)[0]), "2");
  }
  EXPECT_EQ(Shown(first->Run(Input({{"a", 5}}, nullptr, nullptr))[0]), "5");
}

TEST(Program, OfNoExpressionsGivesNoResults) {
  EXPECT_TRUE(RunAll({}, nullptr).empty());
}

TEST(Program, IsCompiledAndRunInManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> failures(4);
  for (std::size_t t = 0; t < failures.size(); ++t) {
    threads.emplace_back([&failures, t] {
      Result<Program> program = Program::Compile({".n + 0.5 | tostring", ".n[0]", ".s | todate"});
      for (int i = 0; i < 50; ++i) {
        const auto results = program->Run(Input({{"n", i}, {"s", i}}, nullptr, nullptr));
        const bool right = results[0].ok() && !results[1].ok() && results[2].ok();
        if (!right || *results[0] != std::to_string(i) + ".5") ++failures[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, std::vector<int>(4));
}

TEST(Program, MovesToAnotherThreadAndLeavesItsInputBehind) {
  Result<Program> program = Program::Compile({".a | length", "repeat(.)"});
  const Input input({{"a", "text"}}, nullptr, nullptr);
  EXPECT_EQ(Shown(program->Run(input)[0]), "4");
  std::thread other([moved = *std::move(program)]() mutable {
    EXPECT_EQ(Shown(moved.Run(Input({{"a", "x"}}, nullptr, nullptr))[0]), "1");
  });
  Result<Program> here = Program::Compile({".a"});
  EXPECT_EQ(Shown(here->Run(input)[0]), R"("text")");
  other.join();
}

}  // namespace
}  // namespace relay
