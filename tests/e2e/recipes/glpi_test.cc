// GLPI: a session for each try, and refusals that look like success.
#include <set>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kTicket = "1042";
const std::string kApi = "/apirest.php";

json Failure(const std::string& code) {
  return json::array({code, "words; view documentation in your browser"});
}

class Glpi : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    if (request.header("App-Token") != "secret of glpi_app") return false;
    if (request.path != kApi + "/initSession") return IsToken(request.header("Session-Token"));
    return accepts_credentials() &&
           request.header("Authorization") == "user_token secret of glpi_user";
  }
  Answer Stranger() const override {
    return JsonAnswer(401, Failure("ERROR_GLPI_LOGIN_USER_TOKEN"));
  }
  Answer Limit() const override { return {.status = 503}; }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }
  Answer Disguise() const override {
    return JsonAnswer(201, {{"id", false}, {"message", "You don't have permission."}});
  }

  Answer Reply(const ApiRequest& request) override {
    if (request.path == kApi + "/initSession") {
      return JsonAnswer(200, {{"session_token", NewToken()}});
    }
    if (request.path == kApi + "/killSession") return {};
    if (request.Is("GET", kApi + "/Ticket/" + kTicket)) {
      return JsonAnswer(200, {{"id", std::stoi(kTicket)}, {"name", "Screen"}});
    }
    if (request.Is("GET", kApi + "/Ticket/" + kTicket + "/ITILFollowup")) return List();
    if (request.Is("POST", kApi + "/ITILFollowup")) return Add(request);
    return JsonAnswer(404, Failure("ERROR_ITEM_NOT_FOUND"));
  }

 private:
  // What it stores, and shows here, has its markup escaped.
  Answer List() const {
    json followups = json::array();
    for (const Note& note : On(kTicket)) {
      followups.push_back({{"content", Replaced(note.text, "<", "&#60;")}});
    }
    return JsonAnswer(followups.empty() ? 200 : 206, followups);
  }

  Answer Add(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json") {
      return JsonAnswer(400, Failure("ERROR_JSON_PAYLOAD_INVALID"));
    }
    const json input = request.body.value("input", json::object());
    if (input.value("itemtype", "") != "Ticket" || input.value("items_id", json()) != 1042) {
      return JsonAnswer(400, Failure("ERROR_GLPI_ADD"));
    }
    const auto text = PlainFromHtml(input.value("content", ""));
    if (!text) Complain("markup in the content");
    const std::string id = Store(kTicket, text.value_or(""), input.value("is_private", 0) == 1);
    return JsonAnswer(201, {{"id", std::stoi(id)}, {"message", ""}});
  }
};

const auto kVendor =
    testing::Values(Vendor{"glpi", [] { return std::make_unique<Glpi>(); }, kTicket, "1043"});

INSTANTIATE_TEST_SUITE_P(Glpi, Recipe, kVendor, VendorName);
INSTANTIATE_TEST_SUITE_P(Glpi, RecipeRepeated, kVendor, VendorName);
INSTANTIATE_TEST_SUITE_P(Glpi, RecipeWithFixedKey, kVendor, VendorName);
INSTANTIATE_TEST_SUITE_P(Glpi, RecipeDisguised, kVendor, VendorName);

}  // namespace
}  // namespace relay::test
