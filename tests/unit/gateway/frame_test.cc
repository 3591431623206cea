#include "gateway/frame.h"

#include <gtest/gtest.h>

#include "support/fcgi_client.h"

namespace relay {
namespace {

using test::FcgiBegin;
using test::FcgiRecord;
using test::FcgiType;

const std::string kRequest = test::FcgiRequest(test::FcgiPostParams("a=b"), "a=b");

TEST(Inspect, EveryPrefixOfARequestIsIncompleteAndTheRequestIsWhole) {
  for (std::size_t size = 0; size < kRequest.size(); ++size) {
    EXPECT_EQ(Inspect(std::string_view(kRequest).substr(0, size)), Arrival::Incomplete) << size;
  }
  EXPECT_EQ(Inspect(kRequest), Arrival::Whole);
}

TEST(Inspect, BytesBehindTheRequestDoNotMatter) {
  EXPECT_EQ(Inspect(kRequest + "GET / HTTP/1.0"), Arrival::Whole);
}

TEST(Inspect, AnAbortedRequestIsWhole) {
  EXPECT_EQ(Inspect(FcgiBegin() + FcgiRecord(FcgiType::Abort, "")), Arrival::Whole);
}

TEST(Inspect, RefusesWhatNoWebServerSends) {
  const std::string params = FcgiRecord(FcgiType::Params, "");
  for (const std::string& bytes : {
           std::string("GET / HTTP/1.0\r\n"),
           FcgiRecord(FcgiType::GetValues, "", 0),
           FcgiRecord(FcgiType::GetValues, ""),
           FcgiRecord(FcgiType::Params, "x"),
           FcgiRecord(FcgiType::Begin, "123"),
           FcgiBegin() + FcgiBegin(),
           FcgiBegin() + FcgiRecord(FcgiType::Stdin, "x"),
           FcgiBegin() + params + FcgiRecord(FcgiType::GetValues, "", 0),
           FcgiBegin() + params + FcgiRecord(FcgiType::Params, "x"),
           FcgiBegin() + params + FcgiRecord(FcgiType::Stdin, "x", 0),
       }) {
    EXPECT_EQ(Inspect(bytes), Arrival::Invalid) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace relay
