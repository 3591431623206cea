// What expressions have beyond jq.
#include <gtest/gtest.h>

#include "expr/program.h"

namespace relay {
namespace {

// What an expression makes of a value, as JSON; "error: ..." where it fails.
std::string Made(const std::string& expression, const Json& value) {
  auto program = Program::Compile({expression});
  if (!program) return "error: " + program.error().message;
  const auto result = program->RunOne(Input(value, nullptr, nullptr), 0);
  return result ? ToText(*result) : "error: " + result.error().message;
}

struct PreludeRow {
  const char* name;
  const char* expression;
  Json value;
  const char* expected;
};

TEST(Prelude, MakesTextFitForWhereItGoes) {
  const PreludeRow rows[] = {
      {"fits", "truncate_chars(5)", "abcde", R"("abcde")"},
      {"one over", "truncate_chars(8)", "abcdefghi", R"("abc[cut]")"},
      {"no room for the mark", "truncate_chars(4)", "abcdefghi", R"("abcd")"},
      {"nothing", "truncate_chars(0)", "abc", R"("")"},
      {"characters, not bytes", "truncate_chars(6)", "äöüß😀x", R"("äöüß😀x")"},
      {"an emoji at the cut", "truncate_chars(6)", "😀😀😀😀😀😀😀", R"("😀[cut]")"},
      {"null", "truncate_chars(6)", nullptr, R"("")"},
      {"a number", "truncate_chars(6)", 12345678, R"("1[cut]")"},
      {"bytes fit", "truncate_bytes(6)", "äöü", R"("äöü")"},
      {"bytes", "truncate_bytes(9)", "äöüäöü", R"("äö[cut]")"},
      {"bytes between two characters", "truncate_bytes(8)", "äöüäöü", R"("ä[cut]")"},
      {"an emoji of four bytes at the cut", "truncate_bytes(8)", "a😀😀😀", R"("a[cut]")"},
      {"an emoji that just fits", "truncate_bytes(10)", "a😀😀😀", R"("a😀[cut]")"},
      {"bytes without the mark", "truncate_bytes(4)", "äöü", R"("äö")"},
      {"bytes of null", "truncate_bytes(4)", nullptr, R"("")"},
      {"html", "html", "a <b> & \"c\"\r\nd's\re\n",
       R"("a &lt;b&gt; &amp; &quot;c&quot;<br>\nd&#39;s<br>\ne<br>\n")"},
      {"html of null", "html", nullptr, R"("")"},
      {"html of a number", "html", 5, R"("5")"},
      {"soql", "soql", "O'Brien \\ \"x\"\n'); --", R"("O\\'Brien \\\\ \\\"x\\\"\\n\\'); --")"},
      {"odata", "odata", "O'Brien''", R"("O''Brien''''")"},
      {"adf", "adf", "a\r\n\r\nb",
       R"({"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"paragraph","content":[]},{"type":"paragraph","content":[{"type":"text","text":"b"}]}]})"},
      {"a label",
       R"(.x | label("CField1"))",
       {{"x", 1}, {"labels", {{"CField1", "Customer"}}}},
       R"("Customer")"},
      {"a label in a text",
       R"x("\(label ("CField1")): label(\(label("CField2"))")x",
       {{"labels", {{"CField1", "Customer"}}}},
       R"x("Customer: label(CField2")x"},
      {"a jump of jq's own", "label $out | 1, break $out", nullptr, "1"},
      {"a member of that name", ".label", {{"label", 3}}, "3"},
      {"no label", R"(label("CField2"))", {{"labels", {{"CField1", "Customer"}}}}, R"("CField2")"},
      {"no labels", R"(label("CField2"))", "an answer", R"("CField2")"},
  };
  for (const PreludeRow& row : rows) {
    EXPECT_EQ(Made(row.expression, row.value), row.expected) << row.name;
  }
}

// With jq's own join it would take hours.
TEST(Prelude, CopesWithMebibytesOfChat) {
  std::string chat;
  while (chat.size() < (std::size_t{2} << 20)) chat += "10:00 AM O'Brien: 😀 <b>\r\n";
  EXPECT_EQ(Made("truncate_bytes(4000) | utf8bytelength | . > 3990 and . <= 4000", chat), "true");
  for (const char* expression : {"html", "soql", "odata", "gsub(\"\\n\"; \"<br>\")"}) {
    EXPECT_EQ(Made(std::string(expression) + " | utf8bytelength > 2097152", chat), "true");
  }
}

TEST(Prelude, BindsWhatEarlierStepsFound) {
  auto program = Program::Compile({"[$step.id, $token.instance_url]"});
  ASSERT_TRUE(program);
  Input input(Json::object(), Json::object(), Json::object());
  EXPECT_EQ(ToText(*program->RunOne(input, 0)), "[null,null]");
  input.Bind("step", {{"id", 7}});
  input.Bind("token", {{"instance_url", "https://x"}});
  EXPECT_EQ(ToText(*program->RunOne(input, 0)), R"([7,"https://x"])");
}

TEST(Prelude, AnAnswerHasThePostBesideIt) {
  auto program = Program::Compile({"[.status, $post.SessionID, $step.id, $secret.s]"});
  ASSERT_TRUE(program);
  const Input post({{"SessionID", "S-1"}}, {{"s", "x"}}, {{"id", 7}});
  EXPECT_EQ(ToText(*program->RunOne(post.ForAnswer({{"status", 200}}), 0)),
            R"([200,"S-1",7,null])");
  EXPECT_EQ(ToText(*program->RunOne(post, 0)), R"([null,"S-1",7,"x"])");
}

}  // namespace
}  // namespace relay
