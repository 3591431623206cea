// SuiteCRM's V8 API: JSON:API, and notes under IDs that the client chooses.
#include <set>

#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

const std::string kSuitecrmNumber = "1042";
const std::string kSuitecrmCase = "3d5f2c1e-6a11-4b0e-8f33-65e1d2a0b9c4";
constexpr std::size_t kSuitecrmMostBytes = 65535;  // TEXT of MySQL

json SuitecrmFailure(int status, const std::string& detail) {
  return {{"errors", {{"status", status}, {"title", nullptr}, {"detail", detail}}}};
}

class SuiteCrm : public StandIn {
 protected:
  std::optional<Answer> TokenReply(const ApiRequest& request) override {
    if (!request.Is("POST", "/Api/access_token")) return std::nullopt;
    auto form = ParseForm(request.text);
    const bool good = accepts_credentials() && form["grant_type"] == "client_credentials" &&
                      form["client_id"] == "00000000-0000-0000-0000-000000000000" &&
                      form["client_secret"] == "secret of suitecrm";
    if (!good) return JsonAnswer(401, {{"error", "invalid_client"}});
    return JsonAnswer(
        200, {{"token_type", "Bearer"}, {"expires_in", 3600}, {"access_token", NewToken()}});
  }
  bool Knows(const ApiRequest& request) const override {
    const std::string credentials = request.header("Authorization");
    return credentials.starts_with("Bearer ") && IsToken(credentials.substr(7));
  }
  Answer Stranger() const override { return JsonAnswer(401, {{"error", "access_denied"}}); }
  Answer Limit() const override { return {.status = 503}; }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }

  Answer Reply(const ApiRequest& request) override {
    if (request.header("Content-Type") != "application/vnd.api+json") {
      return JsonAnswer(415, SuitecrmFailure(415, "Unsupported Media Type"));
    }
    if (request.Is("GET", "/Api/V8/module/Cases")) {
      json found = json::array();
      if (request.query.at("filter[case_number][eq]") == kSuitecrmNumber) {
        found.push_back({{"type", "Case"}, {"id", kSuitecrmCase}});
      }
      return JsonAnswer(200, {{"data", found}});
    }
    if (request.Is("POST", "/Api/V8/module")) return Create(request);
    return JsonAnswer(404, SuitecrmFailure(404, "Not Found"));
  }

 private:
  Answer Create(const ApiRequest& request) {
    const std::string id = request.Member("/data/id");
    if (ids_.contains(id)) {
      return JsonAnswer(400,
                        SuitecrmFailure(400, "Bean Notes with id " + id + " is already exist"));
    }
    const std::string text = request.Member("/data/attributes/description");
    if (request.Member("/data/type") != "Notes" || id.size() != 36 ||
        request.Member("/data/attributes/parent_type") != "Cases" ||
        request.Member("/data/attributes/parent_id") != kSuitecrmCase) {
      return JsonAnswer(400, SuitecrmFailure(400, "The option is invalid"));
    }
    if (text.size() > kSuitecrmMostBytes) Complain("longer than its column");
    ids_.insert(id);
    Store(kSuitecrmNumber, text, true);
    return JsonAnswer(201, {{"data", {{"type", "Note"}, {"id", id}}}});
  }

  std::set<std::string> ids_;
};

const auto kSuitecrm =
    testing::Values(Vendor{"suitecrm", [] { return std::make_unique<SuiteCrm>(); }, kSuitecrmNumber,
                           "1042&filter[operator]=or"});

INSTANTIATE_TEST_SUITE_P(SuiteCrm, Recipe, kSuitecrm, VendorName);
INSTANTIATE_TEST_SUITE_P(SuiteCrm, RecipeRepeated, kSuitecrm, VendorName);
INSTANTIATE_TEST_SUITE_P(SuiteCrm, RecipeWithTokens, kSuitecrm, VendorName);

}  // namespace
}  // namespace relay::test
