#include "expr/members_used.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relay {
namespace {

using testing::UnorderedElementsAreArray;

TEST(MembersUsed, AreThoseThatAnExpressionNames) {
  struct Row {
    std::string_view expression;
    std::vector<std::string> members;
  };
  const Row rows[] = {
      {"", {}},
      {"true", {}},
      {".event == \"closed\"", {"event"}},
      {".event == \"closed\" and .Tracking0 != \"\"", {"event", "Tracking0"}},
      {"(.WorkTime // 0) / 60 > 5", {"WorkTime"}},
      {".session.closed", {"session", "closed"}},
      {".local.ClosingTime != null", {"local", "ClosingTime"}},
      {".session_uuid | test(\"^8\")", {"session_uuid"}},
      {".session | .posts == 1", {"session", "posts"}},
      {".TechEmail | test(\"@example[.]com$\"; \"i\")", {"TechEmail"}},
      {".CField1 | length > 3 and (.x | not)", {"CField1", "x"}},
      {"not", {}},
      {".Notes | startswith(\"say \\\"hi\\\" # .transcript\")", {"Notes"}},
      {".CField2 == $secret.name", {"CField2", "name"}},
      {" .a\n\t.b ", {"a", "b"}},
      {"$post.Tracking0 + $token.x", {"Tracking0", "x"}},
      {".transcript | html", {"transcript"}},
  };
  for (const auto& [expression, members] : rows) {
    const Members used = MembersUsed(expression);
    ASSERT_TRUE(used.names) << expression;
    EXPECT_THAT(*used.names, UnorderedElementsAreArray(members)) << expression;
  }
}

TEST(MembersUsed, AreAllWhereItIsNotPlainToSee) {
  for (const std::string_view expression : {".",
                                            "..",
                                            "keys",
                                            "length > 3",
                                            ".[\"transcript\"]",
                                            ".\"transcript\"",
                                            "has(\"chat\")",
                                            "to_entries | length",
                                            ". | keys",
                                            ".a | . == 1",
                                            "{transcript}",
                                            "[.[]]",
                                            ".a as $x | $x",
                                            ". as {transcript: $t} | $t",
                                            "\"\\(.transcript)\" == \"x\"",
                                            "\"\\(.)\"",
                                            "tojson | test(\"x\")",
                                            ".a = 1",
                                            ".a |= 1",
                                            ".a += 1",
                                            ".a //= 1",
                                            ".a |= empty",
                                            "def f: keys; f",
                                            "@json",
                                            "@base64 \"x\"",
                                            ".a, keys",
                                            ".a | (keys)",
                                            "getpath([\"transcript\"])",
                                            ".a?",
                                            "try error",
                                            "if .a then keys else 1 end",
                                            "reduce .[] as $x (0; . + 1)",
                                            "any(.[]; . == 1)",
                                            ".a # .b",
                                            "\"open",
                                            "input",
                                            ".a | .[0]",
                                            "env.X",
                                            "$post",
                                            "$post | .a",
                                            ".a | $post | keys",
                                            ".a == $post[\"b\"]"}) {
    const Members used = MembersUsed(expression);
    EXPECT_FALSE(used.names) << expression;
  }
}

TEST(Members, OfSeveralExpressionsAreThoseOfEach) {
  Members members{std::set<std::string, std::less<>>()};
  members.Add(MembersUsed(".a"));
  members.Add(MembersUsed(".b == 1"));
  EXPECT_TRUE(members.Contain("a"));
  EXPECT_TRUE(members.Contain("b"));
  EXPECT_FALSE(members.Contain("transcript"));
  members.Add(MembersUsed("keys"));
  EXPECT_TRUE(members.Contain("transcript"));
}

}  // namespace
}  // namespace relay
