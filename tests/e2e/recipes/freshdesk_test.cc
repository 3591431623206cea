// Freshdesk: notes in HTML, private only where they say so.
#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kFreshdeskTicket = "4711";

class Freshdesk : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() &&
           request.header("Authorization") == BasicCredentials("secret of freshdesk", "X");
  }
  Answer Stranger() const override {
    return JsonAnswer(401, {{"code", "invalid_credentials"},
                            {"message", "You have to be logged in to perform this action."}});
  }
  Answer Limit() const override {
    return Busy({{"message", "You have exceeded the limit of requests per hour"}});
  }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }

  Answer Reply(const ApiRequest& request) override {
    const std::string ticket = "/api/v2/tickets/" + kFreshdeskTicket;
    if (request.Is("GET", ticket + "/conversations")) return List();
    if (request.Is("POST", ticket + "/notes")) return Add(request);
    return {.status = 404};
  }

 private:
  Answer List() const {
    json conversations = json::array();
    for (const Note& note : On(kFreshdeskTicket)) {
      conversations.push_back({{"body", "<div>" + note.text + "</div>"}, {"body_text", note.text}});
    }
    return JsonAnswer(200, conversations);
  }

  Answer Add(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json") return {.status = 415};
    const auto text = PlainFromHtml(request.Member("/body"));
    if (!text) Complain("markup in the body");
    const std::string id =
        Store(kFreshdeskTicket, text.value_or(""), request.body.value("private", false));
    return JsonAnswer(201, {{"id", std::stol(id)}});
  }
};

const auto kFreshdesk = testing::Values(
    Vendor{"freshdesk", [] { return std::make_unique<Freshdesk>(); }, kFreshdeskTicket, "4712"});

INSTANTIATE_TEST_SUITE_P(Freshdesk, Recipe, kFreshdesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Freshdesk, RecipeRepeated, kFreshdesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Freshdesk, RecipeWithFixedKey, kFreshdesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Freshdesk, RecipeLimited, kFreshdesk, VendorName);

}  // namespace
}  // namespace relay::test
