// Zammad: a search that finds more than was asked for, and articles.
#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

const std::string kZammadNumber = "65001";
constexpr int kZammadTicket = 1;

class Zammad : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() &&
           request.header("Authorization") == "Token token=secret of zammad";
  }
  Answer Stranger() const override { return JsonAnswer(401, {{"error", "Invalid token!"}}); }
  Answer Limit() const override { return {.status = 503}; }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }

  Answer Reply(const ApiRequest& request) override {
    if (request.Is("GET", "/api/v1/tickets/search")) return Search(request.query.at("query"));
    if (request.Is("GET", "/api/v1/ticket_articles/by_ticket/1")) return List();
    if (request.Is("POST", "/api/v1/ticket_articles")) return Add(request);
    return JsonAnswer(404, {{"error", "No route matches"}});
  }

 private:
  static Answer Search(const std::string& query) {
    json found = json::array();
    if (std::string("like 65001").find(query) != std::string::npos) {
      found.push_back({{"id", 2}, {"number", "650017"}, {"title", "like 65001"}});
      found.push_back({{"id", kZammadTicket}, {"number", kZammadNumber}, {"title", "Screen"}});
    }
    return JsonAnswer(200, found);
  }

  Answer List() const {
    json articles = json::array({json::object({{"subject", nullptr}, {"body", "It flickers."}})});
    for (const std::string& subject : subjects_) articles.push_back({{"subject", subject}});
    return JsonAnswer(200, articles);
  }

  Answer Add(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json") return {.status = 400};
    if (request.body.value("ticket_id", json()) != kZammadTicket) {
      return JsonAnswer(422, {{"error", "No lookup value found for 'ticket_id'"}});
    }
    if (request.Member("/content_type") != "text/plain" || request.Member("/type") != "note") {
      Complain("no plain note");
    }
    subjects_.push_back(request.Member("/subject"));
    Store(kZammadNumber, request.Member("/body"), request.body.value("internal", false));
    return JsonAnswer(201, {{"id", 7}, {"ticket_id", kZammadTicket}});
  }

  std::vector<std::string> subjects_;
};

const auto kZammad = testing::Values(
    Vendor{"zammad", [] { return std::make_unique<Zammad>(); }, kZammadNumber, "6500"});

INSTANTIATE_TEST_SUITE_P(Zammad, Recipe, kZammad, VendorName);
INSTANTIATE_TEST_SUITE_P(Zammad, RecipeRepeated, kZammad, VendorName);
INSTANTIATE_TEST_SUITE_P(Zammad, RecipeWithFixedKey, kZammad, VendorName);

}  // namespace
}  // namespace relay::test
