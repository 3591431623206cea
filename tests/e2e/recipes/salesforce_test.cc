// Salesforce: a token for a signed assertion, a base URL that comes with it, SOQL, and errors in a
// list.
#include <chrono>
#include <regex>

#include "e2e/recipes/jwt_check.h"
#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

const std::string kSalesforceNumber = "00001026";
const std::string kSalesforceCase = "5003000000D8cuIAAR";
const std::string kSalesforceApi = "/services/data/v61.0";
constexpr std::size_t kSalesforceMostBytes = 4000;

json Error(const std::string& code) {
  return json::array({{{"message", "The message of " + code}, {"errorCode", code}}});
}

// A text literal; nothing else may stand between its quotes.
constexpr const char* kLiteral = R"('((?:[^'\\]|\\.)*)')";

class Salesforce : public StandIn {
 protected:
  std::optional<Answer> TokenReply(const ApiRequest& request) override {
    if (!request.Is("POST", "/services/oauth2/token")) return std::nullopt;
    auto form = ParseForm(request.text);
    const auto claims = VerifiedClaims(form["assertion"]);
    const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
    const bool good = accepts_credentials() && claims &&
                      form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer" &&
                      claims->value("iss", "") == "secret of salesforce_client" &&
                      claims->value("sub", "") == "rescue-relay@example.com" &&
                      claims->value("aud", "") == "https://login.salesforce.com" &&
                      claims->value("exp", 0L) > now && claims->value("exp", 0L) <= now + 300;
    if (!good) return JsonAnswer(400, {{"error", "invalid_grant"}});
    return JsonAnswer(200, {{"access_token", NewToken()},
                            {"instance_url", "http://" + request.header("Host")},
                            {"token_type", "Bearer"}});
  }
  bool Knows(const ApiRequest& request) const override {
    const std::string credentials = request.header("Authorization");
    return credentials.starts_with("Bearer ") && IsToken(credentials.substr(7));
  }
  Answer Stranger() const override { return JsonAnswer(401, Error("INVALID_SESSION_ID")); }
  Answer Limit() const override { return JsonAnswer(403, Error("REQUEST_LIMIT_EXCEEDED")); }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }

  Answer Reply(const ApiRequest& request) override {
    if (request.Is("GET", kSalesforceApi + "/query")) return Query(request.query.at("q"));
    if (request.Is("POST", kSalesforceApi + "/sobjects/CaseComment")) return Comment(request);
    return JsonAnswer(404, Error("NOT_FOUND"));
  }

 private:
  Answer Query(const std::string& soql) {
    static const std::regex kCaseByNumber(
        "SELECT Id FROM Case WHERE CaseNumber = " + std::string(kLiteral) + " LIMIT 1");
    static const std::regex kComments(
        "SELECT CommentBody FROM CaseComment WHERE ParentId = " + std::string(kLiteral) +
        " ORDER BY CreatedDate DESC LIMIT 50");
    std::smatch found;
    json records = json::array();
    if (std::regex_match(soql, found, kCaseByNumber)) {
      if (found[1] == kSalesforceNumber) records.push_back({{"Id", kSalesforceCase}});
    } else if (std::regex_match(soql, found, kComments)) {
      for (const Note& note : On(kSalesforceNumber))
        records.push_back({{"CommentBody", note.text}});
    } else {
      Complain("no SOQL of ours: " + soql);
      return JsonAnswer(400, Error("MALFORMED_QUERY"));
    }
    return JsonAnswer(200, {{"totalSize", records.size()}, {"done", true}, {"records", records}});
  }

  Answer Comment(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json") {
      return JsonAnswer(415, Error("UNSUPPORTED_MEDIA_TYPE"));
    }
    if (request.Member("/ParentId") != kSalesforceCase)
      return JsonAnswer(400, Error("MALFORMED_ID"));
    const std::string text = request.Member("/CommentBody");
    if (text.size() > kSalesforceMostBytes) return JsonAnswer(400, Error("STRING_TOO_LONG"));
    const std::string id = Store(kSalesforceNumber, text, !request.body.value("IsPublished", true));
    return JsonAnswer(201, {{"id", id}, {"success", true}, {"errors", json::array()}});
  }
};

const auto kSalesforce =
    testing::Values(Vendor{.recipe = "salesforce",
                           .make = [] { return std::make_unique<Salesforce>(); },
                           .known = kSalesforceNumber,
                           .unknown = "9' OR CaseNumber != '\\",
                           .says_when = false});

INSTANTIATE_TEST_SUITE_P(Salesforce, Recipe, kSalesforce, VendorName);
INSTANTIATE_TEST_SUITE_P(Salesforce, RecipeRepeated, kSalesforce, VendorName);
INSTANTIATE_TEST_SUITE_P(Salesforce, RecipeWithTokens, kSalesforce, VendorName);
INSTANTIATE_TEST_SUITE_P(Salesforce, RecipeLimited, kSalesforce, VendorName);

}  // namespace
}  // namespace relay::test
