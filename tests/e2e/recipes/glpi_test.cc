// GLPI: a session for each try, and refusals that look like success.
#include <set>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kGlpiTicket = "1042";
const std::string kGlpiApi = "/apirest.php";

json GlpiFailure(const std::string& code) {
  return json::array({code, "words; view documentation in your browser"});
}

class Glpi : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    if (request.header("App-Token") != "secret of glpi_app") return false;
    if (request.path != kGlpiApi + "/initSession") return IsToken(request.header("Session-Token"));
    return accepts_credentials() &&
           request.header("Authorization") == "user_token secret of glpi_user";
  }
  Answer Stranger() const override {
    return JsonAnswer(401, GlpiFailure("ERROR_GLPI_LOGIN_USER_TOKEN"));
  }
  Answer Limit() const override { return {.status = 503}; }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }
  Answer Disguise() const override {
    return JsonAnswer(201, {{"id", false}, {"message", "You don't have permission."}});
  }

  Answer Reply(const ApiRequest& request) override {
    if (request.path == kGlpiApi + "/initSession") {
      return JsonAnswer(200, {{"session_token", NewToken()}});
    }
    if (request.path == kGlpiApi + "/killSession") return {};
    if (request.Is("GET", kGlpiApi + "/Ticket/" + kGlpiTicket)) {
      return JsonAnswer(200, {{"id", std::stoi(kGlpiTicket)}, {"name", "Screen"}});
    }
    if (request.Is("GET", kGlpiApi + "/Ticket/" + kGlpiTicket + "/ITILFollowup")) return List();
    if (request.Is("POST", kGlpiApi + "/ITILFollowup")) return Add(request);
    return JsonAnswer(404, GlpiFailure("ERROR_ITEM_NOT_FOUND"));
  }

 private:
  // What it stores, and shows here, has its markup escaped.
  Answer List() const {
    json followups = json::array();
    for (const Note& note : On(kGlpiTicket)) {
      followups.push_back({{"content", Replaced(note.text, "<", "&#60;")}});
    }
    return JsonAnswer(followups.empty() ? 200 : 206, followups);
  }

  Answer Add(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json") {
      return JsonAnswer(400, GlpiFailure("ERROR_JSON_PAYLOAD_INVALID"));
    }
    const json input = request.body.value("input", json::object());
    if (input.value("itemtype", "") != "Ticket" || input.value("items_id", json()) != 1042) {
      return JsonAnswer(400, GlpiFailure("ERROR_GLPI_ADD"));
    }
    const auto text = PlainFromHtml(input.value("content", ""));
    if (!text) Complain("markup in the content");
    const std::string id = Store(kGlpiTicket, text.value_or(""), input.value("is_private", 0) == 1);
    return JsonAnswer(201, {{"id", std::stoi(id)}, {"message", ""}});
  }
};

const auto kGlpi =
    testing::Values(Vendor{"glpi", [] { return std::make_unique<Glpi>(); }, kGlpiTicket, "1043"});

INSTANTIATE_TEST_SUITE_P(Glpi, Recipe, kGlpi, VendorName);
INSTANTIATE_TEST_SUITE_P(Glpi, RecipeRepeated, kGlpi, VendorName);
INSTANTIATE_TEST_SUITE_P(Glpi, RecipeWithFixedKey, kGlpi, VendorName);
INSTANTIATE_TEST_SUITE_P(Glpi, RecipeDisguised, kGlpi, VendorName);

}  // namespace
}  // namespace relay::test
