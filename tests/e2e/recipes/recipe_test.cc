// What every recipe promises. The vendors' own files say which of it concerns them.
#include "e2e/recipes/recipe.h"

#include <gmock/gmock.h>

#include "e2e/operator.h"

namespace relay::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST_P(Recipe, WritesWhatTheSessionWasOnItsCaseAndNothingElsewhere) {
  Close();
  const Finished checked = installation().Relay({"check"});
  EXPECT_EQ(checked.code, kDone) << checked.err;
  const bool has_cases = !GetParam().unknown.empty();
  if (has_cases) Close("1000078", GetParam().unknown);
  Deliver();
  const auto rows = Queue();
  ASSERT_THAT(rows, SizeIs(has_cases ? 2 : 1));
  EXPECT_EQ(rows[0]["state"], "done") << rows[0].dump();
  if (has_cases) {
    EXPECT_EQ(rows[1]["state"], "dead") << rows[1].dump();
    EXPECT_THAT(rows[1]["last_error"], HasSubstr(GetParam().not_found));
  }
  ExpectTheNote();
}

// Nobody can know at first whether what was sent came through.
TEST_P(RecipeRepeated, LeavesOneNoteWhereTheAnswerWasLost) {
  crm().Arrange(Mishap::AnswerLost);
  Close();
  Deliver();
  EXPECT_EQ(Only()["state"], "due") << Only().dump();
  ASSERT_THAT(crm().notes(), SizeIs(1));
  TryAgain();
  EXPECT_EQ(Only()["state"], "done") << Only().dump();
  ExpectTheNote();
}

TEST_P(RecipeRepeated, WritesAtTheSecondTryWhatTheFirstDidNot) {
  crm().Arrange(Mishap::Limit);
  Close();
  Close("1000076", GetParam().known);  // has a note of its own, which is not taken for this one's
  Deliver();
  TryAgain();
  EXPECT_THAT(crm().notes(), SizeIs(2));
  for (const json& row : Queue()) EXPECT_EQ(row["state"], "done") << row.dump();
}

TEST_P(RecipeWithFixedKey, PausesWhenItIsRefusedAndLosesNothing) {
  crm().RefuseCredentials();
  Close();
  Deliver();
  EXPECT_EQ(Only()["state"], "due") << Only().dump();
  EXPECT_EQ(StateOfTheAction(), "paused");
  crm().AcceptCredentials();
  EXPECT_EQ(installation().Relay({"action", "resume", Only()["action"]}).code, kDone);
  Deliver();
  ExpectTheNote();
}

TEST_P(RecipeWithTokens, RenewsAnExpiredTokenOnce) {
  Close();
  Deliver();
  ExpectTheNote();
  crm().ExpireTokens();
  Close("1000078", GetParam().known);
  Deliver();
  EXPECT_THAT(crm().notes(), SizeIs(2));
  EXPECT_EQ(crm().tokens_given(), 2);
}

TEST_P(RecipeWithTokens, PausesWhenItGetsNoTokenAndLosesNothing) {
  crm().RefuseCredentials();
  Close();
  Deliver();
  EXPECT_EQ(Only()["state"], "due") << Only().dump();
  EXPECT_EQ(StateOfTheAction(), "paused");
  EXPECT_THAT(crm().notes(), SizeIs(0));
}

TEST_P(RecipeLimited, WaitsAsLongAsItIsTold) {
  crm().Arrange(Mishap::Limit);
  Close();
  const std::time_t before = std::time(nullptr);
  Deliver();
  const std::time_t after = std::time(nullptr);
  EXPECT_EQ(Only()["state"], "due") << Only().dump();
  EXPECT_EQ(StateOfTheAction(), "active");
  EXPECT_THAT(crm().notes(), SizeIs(0));
  EXPECT_GT(SecondsToNextTry(before), GetParam().says_when ? 500 : 0);
  EXPECT_LE(SecondsToNextTry(after), 600);
}

TEST_P(RecipeDisguised, IsDeadWhereARefusalLooksLikeSuccess) {
  crm().Arrange(Mishap::Disguise);
  Close();
  Deliver();
  EXPECT_EQ(Only()["state"], "dead") << Only().dump();
  EXPECT_THAT(crm().notes(), SizeIs(0));
}

TEST_P(RecipeHiccup, TriesAgainWhatTheVendorMeansToBeTriedAgain) {
  crm().Arrange(Mishap::Hiccup);
  Close();
  Deliver();
  EXPECT_EQ(Only()["state"], "due") << Only().dump();
  EXPECT_EQ(StateOfTheAction(), "active");
  TryAgain();
  ExpectTheNote();
}

}  // namespace
}  // namespace relay::test
