// Odoo 19: methods of models as URLs.
#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kReference = "00042";
constexpr int kOdooTicket = 42;

json OdooFailure(const std::string& name) {
  return {{"name", name}, {"message", "words"}, {"arguments", json::array()}};
}

class Odoo : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() && request.header("Authorization") == "Bearer secret of odoo";
  }
  Answer Stranger() const override {
    return JsonAnswer(401, OdooFailure("werkzeug.exceptions.Unauthorized"));
  }
  Answer Limit() const override { return Busy(json::array()); }
  bool Writes(const ApiRequest& request) const override {
    return request.path.ends_with("/message_post");
  }

  Answer Reply(const ApiRequest& request) override {
    if (request.header("X-Odoo-Database").empty()) Complain("no database");
    if (request.method != "POST") return JsonAnswer(405, OdooFailure("MethodNotAllowed"));
    if (request.path == "/json/2/helpdesk.ticket/search_read") {
      const json wanted = json::array({json::array({"ticket_ref", "=", kReference})});
      json found = json::array();
      if (request.body["domain"] == wanted) found.push_back({{"id", kOdooTicket}});
      return JsonAnswer(200, found);
    }
    if (request.path == "/json/2/mail.message/search_read") return Messages(request);
    if (request.path == "/json/2/helpdesk.ticket/message_post") return Post(request);
    return JsonAnswer(404, OdooFailure("werkzeug.exceptions.NotFound"));
  }

 private:
  Answer Messages(const ApiRequest& request) const {
    json found = json::array();
    for (const std::string& subject : subjects_) {
      const json its_own = {{"model", "=", "helpdesk.ticket"},
                            {"res_id", "=", kOdooTicket},
                            {"subject", "=", subject}};
      if (request.body["domain"] == its_own) found.push_back({{"id", 7}});
    }
    return JsonAnswer(200, found);
  }

  Answer Post(const ApiRequest& request) {
    if (request.body["ids"] != json::array({kOdooTicket}))
      return JsonAnswer(404, OdooFailure("MissingError"));
    const auto text = PlainFromHtml(request.Member("/body"));
    if (!text || !request.body.value("body_is_html", false)) Complain("shown as it was not meant");
    subjects_.push_back(request.Member("/subject"));
    Store(kReference, text.value_or(""), request.Member("/subtype_xmlid") == "mail.mt_note");
    return JsonAnswer(200, json::array({7}));
  }

  std::vector<std::string> subjects_;
};

const auto kOdoo =
    testing::Values(Vendor{"odoo", [] { return std::make_unique<Odoo>(); }, kReference, "00043"});

INSTANTIATE_TEST_SUITE_P(Odoo, Recipe, kOdoo, VendorName);
INSTANTIATE_TEST_SUITE_P(Odoo, RecipeRepeated, kOdoo, VendorName);
INSTANTIATE_TEST_SUITE_P(Odoo, RecipeWithFixedKey, kOdoo, VendorName);
INSTANTIATE_TEST_SUITE_P(Odoo, RecipeLimited, kOdoo, VendorName);

}  // namespace
}  // namespace relay::test
