#include "intake/test_post.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

Request TestRequest(const std::string& word) {
  Request request;
  request.method = "POST";
  request.body = "16 bytes of body";
  request.headers = {{"Rescue-Relay-Test", word}};
  return request;
}

TEST(TestPost, SaysWhatHasArrived) {
  Request request = TestRequest("a1B2");
  EXPECT_EQ(AnswerTestPost(request)->status, 200);
  EXPECT_EQ(AnswerTestPost(request)->text,
            "test a1B2 endpoint= from=nothing bytes=16 authorization=no");
  request.headers.emplace_back("Authorization", "Basic c2VjcmV0");
  request.endpoint = "emea/closed";
  request.endpoint_source = EndpointSource::PathInfo;
  EXPECT_EQ(AnswerTestPost(request)->text,
            "test a1B2 endpoint=emea/closed from=PATH_INFO bytes=16 authorization=yes");
}

TEST(TestPost, IsOneOnlyWithTheHeader) {
  Request request = TestRequest("a");
  request.headers.clear();
  EXPECT_FALSE(AnswerTestPost(request));
}

TEST(TestPost, RepeatsNothingThatCouldBeMoreThanAWord) {
  for (const char* word : {"two words", "a\r\nb", "<b>", "ä"}) {
    EXPECT_EQ(AnswerTestPost(TestRequest(word))->status, 400) << word;
  }
  EXPECT_EQ(AnswerTestPost(TestRequest(std::string(64, 'x')))->status, 200);
  EXPECT_EQ(AnswerTestPost(TestRequest(std::string(65, 'x')))->status, 400);
  for (const std::string& endpoint :
       {std::string("a b"), std::string("<b>"), std::string("a\nb"), std::string(129, 'x')}) {
    Request request = TestRequest("a");
    request.endpoint = endpoint;
    EXPECT_NE(AnswerTestPost(request)->text.find(" endpoint=? "), std::string::npos) << endpoint;
  }
}

}  // namespace
}  // namespace relay
