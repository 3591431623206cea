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
           FcgiBegin() + params + FcgiRecord(FcgiType::Stdin, "x", 2),
       }) {
    EXPECT_EQ(Inspect(bytes), Arrival::Invalid) << testing::PrintToString(bytes);
  }
}

TEST(Inspect, RefusesParametersOfMoreThanOneMebibyte) {
  std::string request = FcgiBegin();
  const std::string param = test::FcgiEncoded({{"HTTP_X", std::string(60'000, 'x')}});
  for (int i = 0; i < 17; ++i) request += FcgiRecord(FcgiType::Params, param);
  EXPECT_EQ(Inspect(request), Arrival::Incomplete);
  EXPECT_EQ(Inspect(request + FcgiRecord(FcgiType::Params, param)), Arrival::Invalid);
}

TEST(Framing, TakesTheSameFromPiecesOfAnySize) {
  std::string padded = FcgiRecord(FcgiType::Stdin, "a=b") + std::string(5, '\0');
  padded[6] = 5;
  const std::string end = FcgiRecord(FcgiType::Stdin, "");
  const std::string request =
      kRequest.substr(0, kRequest.size() - end.size()) + padded + padded + end;
  for (std::size_t piece = 1; piece <= request.size(); ++piece) {
    Framing framing;
    for (std::size_t at = 0; at < request.size(); at += piece) {
      ASSERT_EQ(framing.arrival(), Arrival::Incomplete);
      const std::string_view bytes = std::string_view(request).substr(at, piece);
      ASSERT_EQ(framing.Take(bytes), bytes.size());
    }
    EXPECT_EQ(framing.arrival(), Arrival::Whole);
    EXPECT_EQ(framing.body(), 9u);
    EXPECT_EQ(framing.head(),
              kRequest.size() - end.size() - FcgiRecord(FcgiType::Stdin, "a=b").size());
  }
}

TEST(Framing, TakesNothingBehindTheRequest) {
  Framing framing;
  EXPECT_EQ(framing.Take(kRequest + kRequest), kRequest.size());
  EXPECT_EQ(framing.Take(kRequest), 0u);
}

TEST(Framing, KnowsTheEndOfItsBody) {
  const std::string begin = FcgiRecord(FcgiType::Begin, std::string("\0\1\0\0\0\0\0\0", 8), 0x1234);
  Framing framing;
  framing.Take(begin);
  EXPECT_EQ(framing.EndOfBody(), FcgiRecord(FcgiType::Stdin, "", 0x1234));
}

}  // namespace
}  // namespace relay
