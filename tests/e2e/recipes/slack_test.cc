// Slack's Web API: 200 for nearly everything, and "ok" says what became of it.
#include <ctime>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kChannel = "C0123456789";
constexpr std::size_t kSlackMostCharacters = 40000;

Answer Refusal(const std::string& error) {
  return JsonAnswer(200, {{"ok", false}, {"error", error}});
}

class Slack : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() && request.header("Authorization") == "Bearer secret of slack";
  }
  Answer Stranger() const override { return Refusal("invalid_auth"); }
  Answer Limit() const override { return Busy({{"ok", false}, {"error", "ratelimited"}}); }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }
  Answer Disguise() const override { return Refusal("not_in_channel"); }
  Answer Hiccup() const override { return Refusal("ratelimited"); }

  Answer Reply(const ApiRequest& request) override {
    if (request.Is("GET", "/api/conversations.history")) return History(request);
    if (request.Is("POST", "/api/chat.postMessage")) return Post(request);
    return {.status = 404};
  }

 private:
  Answer History(const ApiRequest& request) {
    if (request.query.at("channel") != kChannel) return Refusal("channel_not_found");
    const long long oldest = std::stoll(request.query.at("oldest"));
    if (oldest > std::time(nullptr) || oldest < std::time(nullptr) - 600) Complain("what time?");
    json messages = json::array();
    for (const std::string& text : texts_)
      messages.push_back({{"type", "message"}, {"text", text}});
    return JsonAnswer(200, {{"ok", true}, {"messages", messages}});
  }

  Answer Post(const ApiRequest& request) {
    if (!request.header("Content-Type").starts_with("application/json")) {
      return Refusal("invalid_form_data");
    }
    if (request.Member("/channel") != kChannel) return Refusal("channel_not_found");
    std::string text = request.Member("/text");
    if (text.empty()) return Refusal("no_text");
    if (Characters(text) > kSlackMostCharacters) Complain("would be cut");
    if (text.find_first_of("<>") != std::string::npos) Complain("could be a link");
    texts_.push_back(text);
    text = Replaced(Replaced(std::move(text), "&lt;", "<"), "&gt;", ">");
    Store(kChannel, Replaced(std::move(text), "&amp;", "&"), true);
    return JsonAnswer(200, {{"ok", true}, {"channel", kChannel}, {"ts", "1772631936.000200"}});
  }

  std::vector<std::string> texts_;
};

const auto kSlack =
    testing::Values(Vendor{"slack", [] { return std::make_unique<Slack>(); }, kChannel});

INSTANTIATE_TEST_SUITE_P(Slack, Recipe, kSlack, VendorName);
INSTANTIATE_TEST_SUITE_P(Slack, RecipeRepeated, kSlack, VendorName);
INSTANTIATE_TEST_SUITE_P(Slack, RecipeLimited, kSlack, VendorName);
INSTANTIATE_TEST_SUITE_P(Slack, RecipeDisguised, kSlack, VendorName);
INSTANTIATE_TEST_SUITE_P(Slack, RecipeHiccup, kSlack, VendorName);

class RecipeForSlack : public Recipe {};

TEST_P(RecipeForSlack, TriesAgainWithATokenThatSlackDoesNotLike) {
  crm().RefuseCredentials();
  Close();
  Deliver();
  EXPECT_EQ(Only()["state"], "due") << Only().dump();
  crm().AcceptCredentials();
  TryAgain();
  ExpectTheNote();
}

INSTANTIATE_TEST_SUITE_P(Slack, RecipeForSlack, kSlack, VendorName);

}  // namespace
}  // namespace relay::test
