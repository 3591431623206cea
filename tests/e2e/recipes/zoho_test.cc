// Zoho CRM: errors with a status of success, also where tokens are given out.
#include <regex>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kZohoNumber = "100442";
const std::string kZohoCase = "3652397000009851001";
const std::string kZohoApi = "/crm/v8";
constexpr std::size_t kZohoMostCharacters = 32000;

json Row(const std::string& code, const std::string& status, const json& details) {
  const json row{{"code", code}, {"status", status}, {"message", "words"}, {"details", details}};
  return {{"data", json::array({row})}};
}

class Zoho : public StandIn {
 protected:
  std::optional<Answer> TokenReply(const ApiRequest& request) override {
    if (!request.Is("POST", "/oauth/v2/token")) return std::nullopt;
    auto form = ParseForm(request.text);
    const bool good = accepts_credentials() && form["grant_type"] == "refresh_token" &&
                      form["client_id"] == "1000.EXAMPLE" &&
                      form["client_secret"] == "secret of zoho_secret" &&
                      form["refresh_token"] == "secret of zoho_refresh";
    if (!good) return JsonAnswer(200, {{"error", "invalid_code"}});
    return JsonAnswer(200, {{"access_token", NewToken()},
                            {"api_domain", "http://" + request.header("Host")},
                            {"token_type", "Bearer"},
                            {"expires_in", 3600}});
  }
  bool Knows(const ApiRequest& request) const override {
    const std::string credentials = request.header("Authorization");
    return credentials.starts_with("Zoho-oauthtoken ") && IsToken(credentials.substr(16));
  }
  Answer Stranger() const override {
    return JsonAnswer(401, {{"code", "INVALID_TOKEN"}, {"status", "error"}});
  }
  Answer Limit() const override {
    return JsonAnswer(429, {{"code", "TOO_MANY_REQUESTS"}, {"status", "error"}});
  }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }
  Answer Disguise() const override {
    return JsonAnswer(202, Row("MANDATORY_NOT_FOUND", "error", {{"api_name", "Parent_Id"}}));
  }

  Answer Reply(const ApiRequest& request) override {
    if (request.method == "GET" && !request.query.contains("fields")) {
      return JsonAnswer(400, {{"code", "REQUIRED_PARAM_MISSING"}, {"status", "error"}});
    }
    if (request.Is("GET", kZohoApi + "/Cases/search")) return Search(request.query.at("criteria"));
    if (request.Is("GET", kZohoApi + "/Cases/" + kZohoCase + "/Notes")) return List();
    if (request.Is("POST", kZohoApi + "/Notes")) return Add(request);
    return JsonAnswer(404, {{"code", "INVALID_URL_PATTERN"}, {"status", "error"}});
  }

 private:
  Answer Search(const std::string& criteria) {
    static const std::regex kByNumber(R"(\(Case_Number:equals:([^(),:\\]*)\))");
    std::smatch found;
    if (!std::regex_match(criteria, found, kByNumber)) Complain("criteria: " + criteria);
    if (found[1] != kZohoNumber) return {.status = 204};
    return JsonAnswer(200, {{"data", json::array({json::object({{"id", kZohoCase}})})}});
  }

  Answer List() const {
    if (titles_.empty()) return {.status = 204};
    return JsonAnswer(200, {{"data", titles_}});
  }

  Answer Add(const ApiRequest& request) {
    if (request.Member("/data/0/Parent_Id/id") != kZohoCase ||
        request.Member("/data/0/Parent_Id/module/api_name") != "Cases") {
      return JsonAnswer(202, Row("INVALID_DATA", "error", {{"api_name", "Parent_Id"}}));
    }
    const std::string text = request.Member("/data/0/Note_Content");
    if (Characters(text) > kZohoMostCharacters) {
      return JsonAnswer(202,
                        Row("INVALID_DATA", "error", {{"maximum_length", kZohoMostCharacters}}));
    }
    titles_.push_back({{"Note_Title", request.Member("/data/0/Note_Title")}});
    return JsonAnswer(201, Row("SUCCESS", "success", {{"id", Store(kZohoNumber, text, true)}}));
  }

  json titles_ = json::array();
};

const auto kZoho = testing::Values(Vendor{.recipe = "zoho",
                                          .make = [] { return std::make_unique<Zoho>(); },
                                          .known = kZohoNumber,
                                          .unknown = "9)or(Case_Number:equals:" + kZohoNumber,
                                          .says_when = false});

INSTANTIATE_TEST_SUITE_P(Zoho, Recipe, kZoho, VendorName);
INSTANTIATE_TEST_SUITE_P(Zoho, RecipeRepeated, kZoho, VendorName);
INSTANTIATE_TEST_SUITE_P(Zoho, RecipeWithTokens, kZoho, VendorName);
INSTANTIATE_TEST_SUITE_P(Zoho, RecipeLimited, kZoho, VendorName);
INSTANTIATE_TEST_SUITE_P(Zoho, RecipeDisguised, kZoho, VendorName);

}  // namespace
}  // namespace relay::test
