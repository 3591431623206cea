// Dataverse: OData, and notes under IDs that the client chooses.
#include <map>
#include <regex>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kDynamicsNumber = "CAS-01213-P8B3G0";
const std::string kDynamicsCase = "6f0a3b2e-5b1c-ee11-9967-000d3a8b5a01";
const std::string kDynamicsApi = "/api/data/v9.2";
constexpr std::size_t kDynamicsMostCharacters = 100000;

json DynamicsFailure(const std::string& code) {
  return {{"error", {{"code", code}, {"message", "The message of " + code}}}};
}

class Dynamics : public StandIn {
 protected:
  std::optional<Answer> TokenReply(const ApiRequest& request) override {
    if (!request.path.ends_with("/oauth2/v2.0/token")) return std::nullopt;
    auto form = ParseForm(request.text);
    const bool good = accepts_credentials() && form["grant_type"] == "client_credentials" &&
                      form["client_id"] == "00000000-0000-0000-0000-000000000000" &&
                      form["client_secret"] == "secret of dynamics" &&
                      form["scope"] == "https://example.crm4.dynamics.com/.default";
    if (!good) return JsonAnswer(401, {{"error", "invalid_client"}});
    return JsonAnswer(
        200, {{"token_type", "Bearer"}, {"expires_in", 3599}, {"access_token", NewToken()}});
  }
  bool Knows(const ApiRequest& request) const override {
    const std::string credentials = request.header("Authorization");
    return credentials.starts_with("Bearer ") && IsToken(credentials.substr(7));
  }
  Answer Stranger() const override { return JsonAnswer(401, DynamicsFailure("0x80072560")); }
  Answer Limit() const override { return Busy(DynamicsFailure("0x80072322")); }
  bool Writes(const ApiRequest& request) const override { return request.method == "PATCH"; }

  Answer Reply(const ApiRequest& request) override {
    if (request.header("OData-Version") != "4.0") Complain("no OData-Version");
    if (request.Is("GET", kDynamicsApi + "/incidents")) return Search(request.query.at("$filter"));
    static const std::regex kNote(
        R"(/api/data/v9\.2/annotations\(([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\))");
    std::smatch id;
    if (request.method != "PATCH" || !std::regex_match(request.path, id, kNote)) {
      return JsonAnswer(404, DynamicsFailure("0x80060888"));
    }
    return Upsert(id[1], request);
  }

 private:
  Answer Search(const std::string& filter) {
    static const std::regex kByNumber("ticketnumber eq '((?:[^']|'')*)'");
    std::smatch found;
    if (!std::regex_match(filter, found, kByNumber)) {
      Complain("no filter of ours: " + filter);
      return JsonAnswer(400, DynamicsFailure("0x80060888"));
    }
    json cases = json::array();
    if (found[1] == kDynamicsNumber) cases.push_back({{"incidentid", kDynamicsCase}});
    return JsonAnswer(200, {{"value", cases}});
  }

  Answer Upsert(const std::string& id, const ApiRequest& request) {
    if (request.header("If-None-Match") != "*") Complain("would overwrite");
    if (ids_.contains(id)) return JsonAnswer(412, DynamicsFailure("0x80060882"));
    if (request.Member("/objectid_incident@odata.bind") != "/incidents(" + kDynamicsCase + ")") {
      return JsonAnswer(400, DynamicsFailure("0x80048d19"));
    }
    const std::string text = request.Member("/notetext");
    if (Characters(text) > kDynamicsMostCharacters)
      return JsonAnswer(400, DynamicsFailure("0x80044331"));
    ids_[id] = Store(kDynamicsNumber, text, true);
    return {.status = 204, .headers = {{"OData-EntityId", "annotations(" + id + ")"}}};
  }

  std::map<std::string, std::string> ids_;
};

const auto kDynamics =
    testing::Values(Vendor{"dynamics", [] { return std::make_unique<Dynamics>(); }, kDynamicsNumber,
                           "9' or ticketnumber ne '"});

INSTANTIATE_TEST_SUITE_P(Dynamics, Recipe, kDynamics, VendorName);
INSTANTIATE_TEST_SUITE_P(Dynamics, RecipeRepeated, kDynamics, VendorName);
INSTANTIATE_TEST_SUITE_P(Dynamics, RecipeWithTokens, kDynamics, VendorName);
INSTANTIATE_TEST_SUITE_P(Dynamics, RecipeLimited, kDynamics, VendorName);

}  // namespace
}  // namespace relay::test
