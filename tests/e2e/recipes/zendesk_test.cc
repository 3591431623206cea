// Zendesk Support: comments are written by changing the ticket.
#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

const std::string kZendeskTicket = "35436";
constexpr std::size_t kZendeskMostBytes = 65535;

class Zendesk : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() &&
           request.header("Authorization") ==
               BasicCredentials("agent@example.com/token", "secret of zendesk");
  }
  Answer Stranger() const override {
    return JsonAnswer(401, {{"error", "Couldn't authenticate you"}});
  }
  Answer Limit() const override {
    return {.status = 429,
            .headers = {{"Retry-After", "600"}, {"Content-Type", "text/plain"}},
            .body = "Number of allowed API requests per minute exceeded"};
  }
  bool Writes(const ApiRequest& request) const override { return request.method == "PUT"; }
  Answer Hiccup() const override {
    return JsonAnswer(409, {{"error", "DatabaseConflict"}, {"description", "Database collision"}});
  }

  Answer Reply(const ApiRequest& request) override {
    const std::string ticket = "/api/v2/tickets/" + kZendeskTicket;
    if (request.Is("GET", ticket + "/comments.json")) return List(request);
    if (request.Is("PUT", ticket + ".json")) return Change(request);
    return JsonAnswer(404, {{"error", "RecordNotFound"}, {"description", "Not found"}});
  }

 private:
  Answer List(const ApiRequest& request) {
    if (request.query.at("sort") != "-created_at") Complain("not the newest comments");
    json comments = json::array();
    for (const Note& note : On(kZendeskTicket)) comments.push_back({{"body", note.text}});
    return JsonAnswer(200, {{"comments", comments}});
  }

  Answer Change(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json" || !request.body.is_object()) {
      return JsonAnswer(400, {{"error", "Unprocessable JSON"}});
    }
    const std::string text = request.Member("/ticket/comment/body");
    if (text.empty() || text.size() > kZendeskMostBytes) {
      return JsonAnswer(422, {{"error", "RecordInvalid"}, {"description", "Record validation"}});
    }
    Store(kZendeskTicket, text, !request.body["ticket"]["comment"].value("public", true));
    return JsonAnswer(200, {{"ticket", {{"id", 35436}}}, {"audit", json::object()}});
  }
};

const auto kZendesk = testing::Values(Vendor{"zendesk", [] { return std::make_unique<Zendesk>(); },
                                             kZendeskTicket, "99/../" + kZendeskTicket});

INSTANTIATE_TEST_SUITE_P(Zendesk, Recipe, kZendesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Zendesk, RecipeRepeated, kZendesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Zendesk, RecipeWithFixedKey, kZendesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Zendesk, RecipeLimited, kZendesk, VendorName);
INSTANTIATE_TEST_SUITE_P(Zendesk, RecipeHiccup, kZendesk, VendorName);

}  // namespace
}  // namespace relay::test
