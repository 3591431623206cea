#include "gateway/params.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(RequestOf, TakesTheVariablesOfRfc3875) {
  const Request request =
      RequestOf({"REQUEST_METHOD=POST", "CONTENT_TYPE=text/xml", "QUERY_STRING=a=b",
                 "REMOTE_ADDR=192.0.2.1", "REMOTE_USER=u", "HTTP_USER_AGENT=Rescue=1"});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.content_type, "text/xml");
  EXPECT_EQ(request.query, "a=b");
  EXPECT_EQ(request.remote_addr, "192.0.2.1");
  EXPECT_EQ(request.remote_user, "u");
  const std::vector<std::pair<std::string, std::string>> headers{{"Content-Type", "text/xml"},
                                                                 {"User-Agent", "Rescue=1"}};
  EXPECT_EQ(request.headers, headers);
}

TEST(RequestOf, FindsTheEndpoint) {
  const auto endpoint = [](const Params& params) { return RequestOf(params).endpoint; };
  EXPECT_EQ(endpoint({}), "");
  EXPECT_EQ(endpoint({"PATH_INFO=/closed"}), "closed");
  EXPECT_EQ(endpoint({"PATH_INFO=/closed/"}), "closed");
  EXPECT_EQ(endpoint({"PATH_INFO=", "REQUEST_URI=/cgi/script.fcgi/closed?a=/script.fcgi/b"}),
            "closed");
  EXPECT_EQ(endpoint({"REQUEST_URI=/cgi/script.fcgi?x=/script.fcgi/b"}), "");
  EXPECT_EQ(endpoint({"RESCUE_RELAY_ENDPOINT=started", "PATH_INFO=/closed"}), "started");
}

TEST(ContentLength, IsAbsentUnlessItIsANumber) {
  EXPECT_EQ(ContentLength({"CONTENT_LENGTH=12"}), 12u);
  EXPECT_EQ(ContentLength({"CONTENT_LENGTH="}), std::nullopt);
  EXPECT_EQ(ContentLength({"CONTENT_LENGTH=12x"}), std::nullopt);
  EXPECT_EQ(ContentLength({"CONTENT_LENGTH=-1"}), std::nullopt);
  EXPECT_EQ(ContentLength({}), std::nullopt);
}

TEST(FindParam, TakesTheFirstOfARepeatedName) {
  EXPECT_EQ(FindParam({"AB=0", "A=1", "A=2"}, "A"), "1");
}

}  // namespace
}  // namespace relay
