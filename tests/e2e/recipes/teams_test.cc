// A workflow of Microsoft Teams that posts Adaptive Cards.
#include <gmock/gmock.h>

#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

constexpr std::size_t kTeamsMostBytes = 28 * 1024;

class Teams : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    const auto signature = request.query.find("sig");
    return accepts_credentials() && signature != request.query.end() &&
           signature->second == "secret of teams_sig";
  }
  Answer Stranger() const override {
    return JsonAnswer(401, {{"error", {{"code", "DirectApiAuthorizationRequired"}}}});
  }
  Answer Limit() const override {
    return Busy({{"error", {{"code", "WorkflowTriggerIsThrottled"}}}});
  }
  bool Writes(const ApiRequest&) const override { return true; }
  Answer Disguise() const override { return Passes("413"); }
  Answer Hiccup() const override { return Passes("429"); }

  Answer Reply(const ApiRequest& request) override {
    if (request.path != "/workflows/0123456789abcdef/triggers/manual/paths/invoke") {
      return JsonAnswer(404, {{"error", {{"code", "WorkflowNotFound"}}}});
    }
    if (!request.header("Content-Type").starts_with("application/json")) return {.status = 400};
    // A workflow says "accepted" first, and finds out later.
    if (request.text.size() > kTeamsMostBytes) Complain("too large");
    const json& card = request.body["attachments"][0];
    if (request.body["type"] != "message" ||
        card["contentType"] != "application/vnd.microsoft.card.adaptive" ||
        card["content"]["type"] != "AdaptiveCard") {
      Complain("no card");
    }
    Store("the channel", TextOf(card["content"]["body"]), true);
    return {.status = 202};
  }

 private:
  // Of the older incoming webhooks.
  static Answer Passes(const std::string& status) {
    return {.body =
                "Webhook message delivery failed with error: Microsoft Teams endpoint returned "
                "HTTP error " +
                status + " with ContextId tcid=0,server=X,cv=Y.0.."};
  }

  std::string TextOf(const json& blocks) {
    std::string text;
    for (const json& block : blocks) {
      const std::string line = block["inlines"][0].value("text", "");
      if (block["type"] != "RichTextBlock" || block["inlines"][0]["type"] != "TextRun" ||
          line.empty() || line.find('\x01') != std::string::npos) {
        Complain("not a run of text");
      }
      text += (text.empty() ? "" : "\n") + line;
    }
    return text;
  }
};

const auto kTeams =
    testing::Values(Vendor{"teams", [] { return std::make_unique<Teams>(); }, "the channel"});

INSTANTIATE_TEST_SUITE_P(Teams, Recipe, kTeams, VendorName);
INSTANTIATE_TEST_SUITE_P(Teams, RecipeWithFixedKey, kTeams, VendorName);
INSTANTIATE_TEST_SUITE_P(Teams, RecipeLimited, kTeams, VendorName);
INSTANTIATE_TEST_SUITE_P(Teams, RecipeDisguised, kTeams, VendorName);
INSTANTIATE_TEST_SUITE_P(Teams, RecipeHiccup, kTeams, VendorName);

class RecipeForTeams : public Recipe {};

// What the recipe warns of: nothing could tell.
TEST_P(RecipeForTeams, PostsTwiceWhereTheAnswerWasLost) {
  crm().Arrange(Mishap::AnswerLost);
  Close();
  Deliver();
  TryAgain();
  EXPECT_EQ(Only()["state"], "done");
  EXPECT_THAT(crm().notes(), testing::SizeIs(2));
}

// The frame around each line is larger than the line.
TEST_P(RecipeForTeams, SendsNoMoreLinesThanFit) {
  std::string notes;
  for (int i = 0; i < 1000; ++i) notes += "x%0A";
  Post("SessionID=5&ClosingTime=2026-03-04+13:45:36&Notes=" + notes);
  Deliver();
  ASSERT_THAT(crm().notes(), testing::SizeIs(1));
  EXPECT_THAT(crm().notes().front().text, testing::EndsWith("x\nx\n[cut]"));
}

INSTANTIATE_TEST_SUITE_P(Teams, RecipeForTeams, kTeams, VendorName);

}  // namespace
}  // namespace relay::test
