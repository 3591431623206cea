// Jira Service Management: comments as Atlassian documents, limits that end at a time of day.
#include <chrono>
#include <ctime>

#include "e2e/recipes/recipe.h"
#include "e2e/recipes/written_text.h"

namespace relay::test {
namespace {

const std::string kIssue = "SUP-123";
constexpr std::size_t kJiraMostCharacters = 32767;

json JiraFailure(const std::string& message) {
  return {{"errorMessages", json::array({message})}, {"errors", json::object()}};
}

// Jira counts what it stores, in which some characters are escaped.
std::size_t StoredLength(const std::string& text) {
  std::size_t length = Characters(text);
  for (const char c : text) length += std::string("{}[]*_-+^~|!\\?").find(c) != std::string::npos;
  return length;
}

std::string InTenMinutes() {
  const auto then = std::chrono::system_clock::now() + std::chrono::minutes(10);
  const std::time_t seconds = std::chrono::system_clock::to_time_t(then);
  char text[32] = {};
  std::tm parts{};
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%MZ", gmtime_r(&seconds, &parts));
  return text;
}

class Jira : public StandIn {
 protected:
  bool Knows(const ApiRequest& request) const override {
    return accepts_credentials() &&
           request.header("Authorization") ==
               BasicCredentials("rescue-relay@example.com", "secret of jira");
  }
  Answer Stranger() const override {
    return {.status = 401, .body = "Client must be authenticated to access this resource."};
  }
  Answer Limit() const override {
    return JsonAnswer(
        429, JiraFailure("Rate limit exceeded."),
        {{"X-RateLimit-Reset", InTenMinutes()}, {"RateLimit-Reason", "jira-burst-based"}});
  }
  bool Writes(const ApiRequest& request) const override { return request.method == "POST"; }

  Answer Reply(const ApiRequest& request) override {
    if (request.path != "/rest/api/3/issue/" + kIssue + "/comment") {
      return JsonAnswer(
          404, JiraFailure("Issue does not exist or you do not have permission to see it."));
    }
    if (request.method == "POST") return Add(request);
    if (request.query.at("orderBy") != "-created") Complain("not the newest comments");
    return JsonAnswer(200, {{"comments", comments_}});
  }

 private:
  Answer Add(const ApiRequest& request) {
    if (request.header("Content-Type") != "application/json") return {.status = 415};
    const auto text = PlainFromAdf(request.body.value("body", json()));
    if (!text) return JsonAnswer(400, JiraFailure("Comment body is not valid!"));
    if (StoredLength(*text) > kJiraMostCharacters) {
      return JsonAnswer(400, {{"errorMessages", json::array()},
                              {"errors", {{"comment", "The entered text is too long."}}}});
    }
    const json property{{"key", "sd.public.comment"}, {"value", {{"internal", true}}}};
    const bool is_internal = request.body.value("properties", json()) == json::array({property});
    comments_.insert(comments_.begin(), json::object({{"body", request.body["body"]}}));
    return JsonAnswer(201, {{"id", Store(kIssue, *text, is_internal)}});
  }

  json comments_ = json::array();
};

const auto kJira = testing::Values(
    Vendor{"jira-service-management", [] { return std::make_unique<Jira>(); }, kIssue, "SUP-124"});

INSTANTIATE_TEST_SUITE_P(Jira, Recipe, kJira, VendorName);
INSTANTIATE_TEST_SUITE_P(Jira, RecipeRepeated, kJira, VendorName);
INSTANTIATE_TEST_SUITE_P(Jira, RecipeWithFixedKey, kJira, VendorName);
INSTANTIATE_TEST_SUITE_P(Jira, RecipeLimited, kJira, VendorName);

}  // namespace
}  // namespace relay::test
