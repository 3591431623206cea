#include "intake/cross_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/refusal.h"

namespace relay {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

const std::vector<std::string> kOrigins{"https://console.example", "https://other.example:8443"};

Request From(const std::string& method, const std::string& origin) {
  Request request;
  request.method = method;
  if (!origin.empty()) request.headers = {{"ORIGIN", origin}};
  return request;
}

TEST(CrossOrigin, AnswersTheQuestionOfAnAllowedOriginAlone) {
  for (const std::string& origin : kOrigins) {
    const auto reply = Preflight(From("OPTIONS", origin), kOrigins);
    ASSERT_TRUE(reply) << origin;
    EXPECT_EQ(reply->status, 204);
    EXPECT_THAT(reply->headers, Contains(Pair("Access-Control-Allow-Methods", "POST")));
    EXPECT_THAT(reply->headers,
                Contains(Pair("Access-Control-Allow-Headers", "Authorization, Content-Type")));
  }
  for (const char* origin :
       {"", "null", "https://console.example.evil", "http://console.example",
        "https://console.example:8443", "https://other.example", "https://CONSOLE.example"}) {
    EXPECT_FALSE(Preflight(From("OPTIONS", origin), kOrigins)) << origin;
  }
  EXPECT_FALSE(Preflight(From("POST", kOrigins[0]), kOrigins));
  EXPECT_FALSE(Preflight(From("OPTIONS", ""), {}));
}

TEST(CrossOrigin, LetsAnAllowedOriginReadTheReply) {
  Reply reply;
  AllowOrigin(From("POST", kOrigins[1]), kOrigins, reply);
  EXPECT_THAT(reply.headers, Contains(Pair("Access-Control-Allow-Origin", kOrigins[1])));
  EXPECT_THAT(reply.headers, Contains(Pair("Vary", "Origin")));
}

TEST(CrossOrigin, SaysNothingToOthers) {
  Reply reply;
  AllowOrigin(From("POST", "https://evil.example"), kOrigins, reply);
  EXPECT_THAT(reply.headers, Not(Contains(Pair("Access-Control-Allow-Origin", testing::_))));
  EXPECT_THAT(reply.headers, Contains(Pair("Vary", "Origin"))) << "or a cache mixes them up";
  Reply off;
  AllowOrigin(From("POST", kOrigins[0]), {}, off);
  EXPECT_THAT(off.headers, IsEmpty());
}

TEST(Refusal, AsksForCredentialsAfterTheBodyAndBeforeAnythingIsKept) {
  IntakeConfig config;
  Request request = From("POST", "");
  EXPECT_FALSE(Refusal(request, config));
  config.users_file = "/etc/rescue-relay/htpasswd";
  const auto status = [&] {
    const auto refusal = Refusal(request, config);
    return refusal ? refusal->status : 0;
  };
  EXPECT_EQ(status(), 401) << "nobody has looked at its credentials";
  request.access = Access::Denied;
  EXPECT_EQ(status(), 401);
  EXPECT_THAT(Refusal(request, config)->headers,
              Contains(Pair("WWW-Authenticate", testing::StartsWith("Basic realm="))));
  request.access = Access::Busy;
  EXPECT_EQ(status(), 503);
  EXPECT_THAT(Refusal(request, config)->headers, Contains(Pair("Retry-After", "30")));
  request.body_state = BodyState::Short;
  EXPECT_EQ(status(), 400);
  request.body_state = BodyState::Complete;
  request.access = Access::Granted;
  EXPECT_EQ(status(), 0);
  request.method = "GET";
  EXPECT_EQ(status(), 405);
}

}  // namespace
}  // namespace relay
