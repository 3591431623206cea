// HubSpot: notes of their own, associated with a ticket.
#include <map>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kHubspotTicket = "1234567890";
const std::string kObjects = "/crm/v3/objects/";
constexpr std::size_t kHubspotMostCharacters = 65536;

json HubspotFailure(const std::string& category) {
  return {{"status", "error"}, {"message", "words"}, {"category", category}};
}

class HubSpot : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() && request.header("Authorization") == "Bearer secret of hubspot";
  }
  Answer Stranger() const override {
    return JsonAnswer(401, HubspotFailure("INVALID_AUTHENTICATION"));
  }
  Answer Limit() const override {
    json body = HubspotFailure("RATE_LIMITS");
    body["errorType"] = "RATE_LIMIT";
    body["policyName"] = "DAILY";
    return JsonAnswer(429, body);
  }
  bool Writes(const ApiRequest& request) const override {
    return request.Is("POST", kObjects + "notes");
  }

  Answer Reply(const ApiRequest& request) override {
    if (request.Is("GET", kObjects + "tickets/" + kHubspotTicket)) return Show(request);
    if (request.Is("POST", kObjects + "notes/batch/read")) return Read(request);
    if (request.Is("POST", kObjects + "notes")) return Add(request);
    return JsonAnswer(404, HubspotFailure("OBJECT_NOT_FOUND"));
  }

 private:
  Answer Show(ApiRequest request) {
    json ticket{{"id", kHubspotTicket}, {"properties", {{"subject", "Screen"}}}};
    if (request.query["associations"] == "notes" && !html_.empty()) {
      json& notes = ticket["associations"]["notes"]["results"];
      for (const auto& [id, html] : html_) {
        notes.push_back({{"id", id}, {"type", "ticket_to_note"}});
        notes.push_back({{"id", id}, {"type", "ticket_to_note_unlabeled"}});
      }
    }
    return JsonAnswer(200, ticket);
  }

  Answer Read(const ApiRequest& request) {
    json results = json::array();
    if (request.body["inputs"].size() > 100)
      return JsonAnswer(400, HubspotFailure("VALIDATION_ERROR"));
    for (const json& input : request.body["inputs"]) {
      const std::string id = input["id"];
      results.push_back({{"id", id}, {"properties", {{"hs_note_body", html_.at(id)}}}});
    }
    return JsonAnswer(200, {{"status", "COMPLETE"}, {"results", results}});
  }

  Answer Add(const ApiRequest& request) {
    const std::string html = request.Member("/properties/hs_note_body");
    const bool whole = request.Member("/associations/0/to/id") == kHubspotTicket &&
                       request.body["associations"][0]["types"][0]["associationTypeId"] == 228 &&
                       request.Member("/properties/hs_timestamp") == "2026-03-04T13:45:36Z";
    if (!whole || Characters(html) > kHubspotMostCharacters) {
      return JsonAnswer(400, HubspotFailure("VALIDATION_ERROR"));
    }
    const auto text = PlainFromHtml(html);
    if (!text) Complain("markup in the body");
    const std::string id = Store(kHubspotTicket, text.value_or(""), true);
    html_[id] = html;
    return JsonAnswer(201, {{"id", id}});
  }

  std::map<std::string, std::string> html_;
};

const auto kHubspot = testing::Values(Vendor{.recipe = "hubspot",
                                             .make = [] { return std::make_unique<HubSpot>(); },
                                             .known = kHubspotTicket,
                                             .unknown = "1234567891",
                                             .says_when = false});

INSTANTIATE_TEST_SUITE_P(HubSpot, Recipe, kHubspot, VendorName);
INSTANTIATE_TEST_SUITE_P(HubSpot, RecipeRepeated, kHubspot, VendorName);
INSTANTIATE_TEST_SUITE_P(HubSpot, RecipeWithFixedKey, kHubspot, VendorName);
INSTANTIATE_TEST_SUITE_P(HubSpot, RecipeLimited, kHubspot, VendorName);

}  // namespace
}  // namespace relay::test
