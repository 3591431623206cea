// ServiceNow's Table API: incidents with work notes, which only their display value shows.
#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

const std::string kServicenowNumber = "INC0010001";
const std::string kSysId = "9d385017c611228701d22104cc95c371";
const std::string kTable = "/api/now/table/incident";

json ServicenowFailure(const std::string& message) {
  return {{"error", {{"message", message}, {"detail", ""}}}, {"status", "failure"}};
}

class ServiceNow : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() && request.header("Authorization") ==
                                        BasicCredentials("rescue.relay", "secret of servicenow");
  }
  Answer Stranger() const override {
    return JsonAnswer(401, ServicenowFailure("User Not Authenticated"));
  }
  Answer Limit() const override { return Busy(ServicenowFailure("Rate limit exceeded")); }
  bool Writes(const ApiRequest& request) const override { return request.method == "PATCH"; }
  // The beginning of an answer, then the error, and the status is already sent.
  Answer Hiccup() const override {
    return {.body = R"({"result":[)" + ServicenowFailure("Transaction cancelled").dump()};
  }

  Answer Reply(const ApiRequest& request) override {
    if (request.Is("GET", kTable)) return Search(request.query.at("sysparm_query"));
    if (request.path != kTable + "/" + kSysId)
      return JsonAnswer(404, ServicenowFailure("No Record found"));
    if (request.method == "GET") return Show(request);
    return Change(request);
  }

 private:
  Answer Search(const std::string& query) {
    if (query.find('^') != std::string::npos) Complain("a second condition: " + query);
    json found = json::array();
    if (query == "number=" + kServicenowNumber) found.push_back({{"sys_id", kSysId}});
    return JsonAnswer(200, {{"result", found}});
  }

  // Newest first, each entry under a line of its own.
  Answer Show(const ApiRequest& request) const {
    std::string journal;
    const auto display = request.query.find("sysparm_display_value");
    if (display != request.query.end() && display->second == "true") {
      for (const Note& note : On(kServicenowNumber)) {
        journal.insert(0, "2026-03-04 14:00:00 - Rescue Relay (Work notes)\n" + note.text + "\n\n");
      }
    }
    return JsonAnswer(200, {{"result", {{"work_notes", journal}}}});
  }

  Answer Change(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json" || !request.body.is_object()) {
      return JsonAnswer(400, ServicenowFailure("Exception while reading request"));
    }
    Store(kServicenowNumber, request.Member("/work_notes"), !request.body.contains("comments"));
    return JsonAnswer(200, {{"result", {{"sys_id", kSysId}}}});
  }
};

const auto kServicenow =
    testing::Values(Vendor{"servicenow", [] { return std::make_unique<ServiceNow>(); },
                           kServicenowNumber, "INC9^ORnumber=" + kServicenowNumber});

INSTANTIATE_TEST_SUITE_P(ServiceNow, Recipe, kServicenow, VendorName);
INSTANTIATE_TEST_SUITE_P(ServiceNow, RecipeRepeated, kServicenow, VendorName);
INSTANTIATE_TEST_SUITE_P(ServiceNow, RecipeWithFixedKey, kServicenow, VendorName);
INSTANTIATE_TEST_SUITE_P(ServiceNow, RecipeLimited, kServicenow, VendorName);
INSTANTIATE_TEST_SUITE_P(ServiceNow, RecipeHiccup, kServicenow, VendorName);

}  // namespace
}  // namespace relay::test
