// Who may post, where the program itself asks for a password: the same behind each web server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "e2e/deployment.h"
#include "support/password_hash.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kOrigin = "https://console.example";
// As they stand behind "Basic".
constexpr const char* kRight = "cmVzY3VlOnBhc3M6d8O2cmQ=";   // rescue:pass:wörd
constexpr const char* kWrong = "cmVzY3VlOndyb25n";           // rescue:wrong
constexpr const char* kNobody = "bm9ib2R5OnBhc3M6d8O2cmQ=";  // nobody:pass:wörd

const std::string kForm = "SessionID=1&TechName=Ada";

class Authentication : public testing::TestWithParam<FrontEnd> {
 protected:
  Authentication() : relay_(GetParam(), Config()) {}
  ~Authentication() override {
    if (HasFailure()) std::cerr << relay_.Logs();
  }

  std::string Config() const {
    const auto users = dir_.Write("users", "rescue:" + PasswordHash("pass:wörd") + "\n");
    return "[intake]\nusers_file = \"" + users.string() + "\"\nallow_origins = [\"" + kOrigin +
           "\"]\n";
  }
  static HttpRequest PostAs(const std::string& credentials, const std::string& form = kForm) {
    HttpRequest request = Post("/script.fcgi", form);
    request.headers.emplace_back("Authorization", "Basic " + credentials);
    return request;
  }
  int StatusOf(const HttpRequest& request) const {
    const auto response = relay_.Send(request);
    return response ? response->status : 0;
  }
  std::vector<json> Posts() const { return relay_.installation().List({"post", "list"}); }

  TempDir dir_;
  Deployment relay_;
};

INSTANTIATE_TEST_SUITE_P(Each, Authentication, testing::ValuesIn(kFrontEnds),
                         [](const auto& front_end) { return NameOf(front_end.param); });

TEST_P(Authentication, StoresWhatComesWithTheRightPasswordAndSaysWhoPosted) {
  for (const char* form : {"SessionID=1", "SessionID=2"}) {
    const std::string id = StoredId(relay_.Send(PostAs(kRight, form)));
    ASSERT_NE(id, "");
    const json post = relay_.installation().List({"post", "show", id}).at(0);
    EXPECT_EQ(post["remote_user"], "rescue");
  }
}

TEST_P(Authentication, AsksForAPasswordAndKeepsNothing) {
  const auto response = relay_.Send(Post("/script.fcgi", kForm));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 401);
  EXPECT_THAT(response->headers.Find("WWW-Authenticate").value_or(""), StartsWith("Basic "));
  EXPECT_THAT(response->body, StartsWith("a user name and a password are needed"));
  EXPECT_EQ(StatusOf(PostAs(kWrong)), 401);
  EXPECT_EQ(StatusOf(PostAs(kWrong)), 401);
  EXPECT_EQ(StatusOf(PostAs(kNobody)), 401);
  EXPECT_EQ(StatusOf(PostAs(kWrong, kForm + "&ChatLog=" + std::string(3'000'000, 'x'))), 401)
      << "once the body has been read";
  EXPECT_EQ(StatusOf(PostAs(kWrong, "no session")), 401);
  HttpRequest get;
  get.method = "GET";
  EXPECT_EQ(StatusOf(get), 405);
  EXPECT_THAT(Posts(), IsEmpty());
  EXPECT_THAT(relay_.installation().List({"quarantine", "list"}), IsEmpty());
}

TEST_P(Authentication, APageOfAnAllowedOriginMayPost) {
  HttpRequest question;
  question.method = "OPTIONS";
  question.headers.emplace_back("Origin", kOrigin);
  question.headers.emplace_back("Access-Control-Request-Method", "POST");
  const auto answer = relay_.Send(question);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(answer->headers.Find("Access-Control-Allow-Origin"), kOrigin);
  EXPECT_EQ(answer->headers.Find("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(answer->body, "");
  HttpRequest post = PostAs(kRight);
  post.headers.emplace_back("Origin", kOrigin);
  const auto stored = relay_.Send(post);
  ASSERT_NE(StoredId(stored), "");
  EXPECT_EQ(stored->headers.Find("Access-Control-Allow-Origin"), kOrigin);
}

TEST_P(Authentication, APageOfAnotherOriginIsNotAnswered) {
  HttpRequest question;
  question.method = "OPTIONS";
  question.headers.emplace_back("Origin", "https://evil.example");
  const auto answer = relay_.Send(question);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 405);
  EXPECT_EQ(answer->headers.Find("Allow"), "POST");
  EXPECT_EQ(answer->headers.Find("Access-Control-Allow-Origin"), std::nullopt);
}

}  // namespace
}  // namespace relay::test
