// Whether a repeat was written before: what the answer to a dedup step means.
#include <gtest/gtest.h>

#include "action/http_step.h"

namespace relay {
namespace {

Judgement JudgeRepeat(const std::string& already_done, const std::string& body) {
  auto program = Program::Compile({already_done});
  EXPECT_TRUE(program) << program.error().message;
  HttpStep step;
  step.dedup = true;
  step.already_done = 0;
  const HttpAnswer answer{.status = 200, .headers = {}, .body = body, .retry_after = {}};
  Rendering post(*program, {{"SessionID", "77"}}, Json::object());
  Rendering of_answer = post.ForAnswer(ToDocument(answer));
  return Judge(step, answer, of_answer);
}

constexpr const char* kFound = R"x(any(.body.notes[]; . == "session \($post.SessionID)"))x";

TEST(Dedup, ComparesTheAnswerWithThePost) {
  EXPECT_EQ(JudgeRepeat(kFound, R"({"notes": ["session 7", "session 77"]})").verdict,
            Verdict::AlreadyDone);
  EXPECT_EQ(JudgeRepeat(kFound, R"({"notes": ["session 7"]})").verdict, Verdict::Passed);
}

// A list that is cut after a mebibyte is no JSON any more.
TEST(Dedup, WritesNothingWhereTheAnswerDoesNotTell) {
  const Judgement judged = JudgeRepeat(kFound, R"({"notes": ["session 77)");
  EXPECT_EQ(judged.verdict, Verdict::Failed);
  EXPECT_EQ(judged.outcome.kind, OutcomeKind::Dead);
  EXPECT_EQ(judged.outcome.reason,
            "HTTP 200, `already_done` failed: cannot index string with string");
}

}  // namespace
}  // namespace relay
