#include "expr/text_template.h"

#include <gtest/gtest.h>

#include "expr/program.h"

namespace relay {
namespace {

std::string Shown(const Result<std::string>& result) {
  return result ? *result : "! " + result.error().message;
}

std::string Render(std::string_view text, const std::vector<Json>& values,
                   Destination destination) {
  const Result<TextTemplate> parsed = TextTemplate::Parse(text);
  return parsed ? Shown(parsed->Render(values, destination)) : "! " + parsed.error().message;
}

TEST(TextTemplate, SplitsTextIntoExpressionsAndLiterals) {
  struct Row {
    std::string_view text;
    std::vector<std::string> expressions;
    std::string_view rendered;  // with every value "v"
  };
  const std::vector<Row> rows = {
      {"", {}, ""},
      {"plain } }} { text", {}, "plain } }} { text"},
      {"{{ .a }}", {".a"}, "v"},
      {"a{{.a}}b{{\n .b\n}}c", {".a", ".b"}, "avbvc"},
      {"{{.a}}{{.b}}", {".a", ".b"}, "vv"},
      {R"j(x{{ "}}" }}y)j", {R"j("}}")j"}, "xvy"},
      {R"j({{ "{{" }})j", {R"j("{{")j"}, "v"},
      {R"j({{ "\"}}" }})j", {R"j("\"}}")j"}, "v"},
      {R"j({{ "a\(.b | {c: "}}"})" }})j", {R"j("a\(.b | {c: "}}"})")j"}, "v"},
      {"{{ {a: {b: 1}} }}", {"{a: {b: 1}}"}, "v"},
      {"{{{a: {b: 1}}}}", {"{a: {b: 1}}"}, "v"},
      {"{{ .a }}}", {".a"}, "v}"},
      {"{{ .a # it's a note }}-", {".a # it's a note"}, "v-"},
      {"{{ .a # note\n + 1 }}", {".a # note\n + 1"}, "v"},
      {"{{{ .a }}}", {"{ .a }"}, "v"},
  };
  for (const Row& row : rows) {
    const Result<TextTemplate> parsed = TextTemplate::Parse(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->expressions(), row.expressions);
    const std::vector<Json> values(row.expressions.size(), "v");
    EXPECT_EQ(Shown(parsed->Render(values, Destination::Body)), row.rendered);
  }
}

TEST(TextTemplate, NamesThePlaceOfWhatIsWrong) {
  struct Row {
    std::string_view text;
    std::string_view problem;
  };
  const std::vector<Row> rows = {
      {"{{", "column 1: {{ is not closed"},
      {"ab {{ .a", "column 4: {{ is not closed"},
      {"ab {{ .a }", "column 10: \"}\" closes nothing"},
      {"\xC3\xA9 {{ \"}}", "column 3: {{ is not closed"},
      {"{{ .a }} {{ }}", "column 10: {{ }} is empty"},
      {"{{ # note }}", "column 1: {{ }} is empty"},
      {"a\nb {{ .a) }}", "line 2, column 8: \")\" closes nothing"},
      {"{{ (.a }}", "column 8: \"}\" where \")\" is missing"},
      {std::string_view("{{ .\0 }}", 8), "column 5: a NUL character"},
  };
  for (const Row& row : rows) {
    const Result<TextTemplate> parsed = TextTemplate::Parse(row.text);
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::BadInput);
    EXPECT_EQ(parsed.error().message, row.problem);
  }
}

TEST(TextTemplate, IsOneExpressionOnlyWithNothingAroundIt) {
  EXPECT_TRUE(TextTemplate::Parse("{{ .a }}")->is_one_expression());
  for (const std::string_view text : {"", "a", " {{ .a }}", "{{ .a }} ", "{{ .a }}{{ .b }}"}) {
    EXPECT_FALSE(TextTemplate::Parse(text)->is_one_expression()) << text;
  }
}

TEST(TextTemplate, GivesExpressionsThatCompileAndRunInOneProgram) {
  const auto parsed =
      TextTemplate::Parse(R"j({{ .a # note }}-{{ "\(.a)}}" }}-{{ {b: {c: .a}} }})j");
  Result<Program> program = Program::Compile(parsed->expressions());
  std::vector<Json> values;
  for (const auto& result : program->Run(Input({{"a", 5}}, nullptr, nullptr))) {
    values.push_back(*result);
  }
  EXPECT_EQ(Shown(parsed->Render(values, Destination::Body)), R"(5-5}}-{"b":{"c":5}})");
}

TEST(TextTemplate, KeepsAValueInsideItsPartOfAUrl) {
  EXPECT_EQ(Render("https://h/a/{{.x}}/b?c={{.y}}", {"A/../b?c#d e&f%g", "\xC3\xA9=\n"},
                   Destination::Url),
            "https://h/a/A%2F..%2Fb%3Fc%23d%20e%26f%25g/b?c=%C3%A9%3D%0A");
  EXPECT_EQ(Shown(Escape("AZaz09-._~", Destination::Url)), "AZaz09-._~");
  EXPECT_EQ(Shown(Escape(std::string(":/?#[]@!$&'()*+,;=\"\\^|\x7F\0", 24), Destination::Url)),
            "%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%22%5C%5E%7C%7F%00");
  EXPECT_EQ(Render("{{.x}},{{.y}},{{.z}}", {12, true, {{"a", {1}}}}, Destination::Url),
            "12,true,%7B%22a%22%3A%5B1%5D%7D");
}

TEST(TextTemplate, RefusesAValueThatMakesADotSegmentOfAPath) {
  struct Row {
    std::string_view url;
    std::vector<Json> values;
    bool refused;
  };
  const std::vector<Row> rows = {
      {"https://h/a/{{.x}}/b", {".."}, true},
      {"https://h/a/{{.x}}", {"."}, true},
      {"https://h/a/{{.x}}?b", {".."}, true},
      {"https://h/a/{{.x}}#b", {".."}, true},
      {"https://h/a/{{.x}}{{.y}}/b", {".", "."}, true},
      {"https://h/a/.{{.x}}/b", {"."}, true},
      {"https://h/a/.{{.x}}/b", {""}, true},
      {"{{.x}}/b", {".."}, true},
      {"https://h/a/{{.x}}/b", {"..."}, false},
      {"https://h/a/{{.x}}/b", {"../.."}, false},
      {"https://h/a/v{{.x}}/b", {"."}, false},
      {"https://h/a/{{.x}}/../b", {"c"}, false},
      {"https://h/a?q={{.x}}", {".."}, false},
      {"https://h/a?/{{.x}}", {".."}, false},
  };
  for (const Row& row : rows) {
    const std::string rendered = Render(row.url, row.values, Destination::Url);
    EXPECT_EQ(rendered == R"(! {{ .x }}: makes a segment of the path "." or "..")", row.refused)
        << row.url << " gave " << rendered;
  }
}

TEST(TextTemplate, RefusesNullAndLineBreaksInAHeader) {
  EXPECT_EQ(Render("Bearer {{.x}}", {"t\xC3\xA9\t1"}, Destination::Header), "Bearer t\xC3\xA9\t1");
  EXPECT_EQ(Shown(Escape(1.5, Destination::Header)), "1.5");
  for (const std::string& text : {std::string("a\rb"), std::string("\n"), std::string("a\0", 2)}) {
    EXPECT_EQ(Render("{{.x}}", {text}, Destination::Header),
              "! {{ .x }}: holds a line break or a NUL");
  }
  EXPECT_EQ(Render("{{.x}}", {nullptr}, Destination::Header), "! {{ .x }}: is null");
  EXPECT_EQ(Render("{{.x}}", {nullptr}, Destination::Url), "! {{ .x }}: is null");
  EXPECT_EQ(Escape(nullptr, Destination::Url).error().kind, ErrorKind::Permanent);
}

TEST(TextTemplate, PutsValuesIntoABodyAsTheyAre) {
  EXPECT_EQ(Render("[{{.a}}|{{.b}}|{{.c}}|{{.d}}|{{.e}}]",
                   {"x\r\n{{.a}}", nullptr, 3222273024, false, {1, "\""}}, Destination::Body),
            "[x\r\n{{.a}}||3222273024|false|[1,\"\\\"\"]]");
  EXPECT_EQ(Shown(Escape(Json::array({"\xFF"}), Destination::Body)), "[\"\uFFFD\"]");
}

TEST(TextTemplate, NamesALongExpressionByItsBeginningInOneLine) {
  const std::string expression = ".a\n" + std::string(56, 'x') + "\xC3\xA9" + "tail";
  EXPECT_EQ(Render("{{ " + expression + " }}", {nullptr}, Destination::Url),
            "! {{ .a " + std::string(56, 'x') + "... }}: is null");
}

TEST(TextTemplate, RefusesToRenderWithoutAValueForEachExpression) {
  EXPECT_EQ(Render("{{.a}}{{.b}}", {1}, Destination::Body), "! not one value for each expression");
}

}  // namespace
}  // namespace relay
