#include "base/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relay {
namespace {

using testing::MatchesRegex;

constexpr const char* kTrace = "0af7651916cd43dd8448eb211c80319c";

TEST(TraceIdIn, TakesWhatTheStandardAllows) {
  for (const char* header : {
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000001-ff",
           "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be",
       }) {
    EXPECT_EQ(TraceIdIn(header), kTrace) << header;
  }
}

TEST(TraceIdIn, RefusesWhatIsNoTraceparent) {
  for (const char* header : {
           "",
           "00",
           kTrace,
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-012",
           "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "0X-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
           "00.0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c.b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331.01",
       }) {
    EXPECT_EQ(TraceIdIn(header), "") << header;
  }
}

TEST(TraceIdOf, IsTheSendersWhereThereIsOneAndElseThatOfThePost) {
  EXPECT_EQ(TraceIdOf(kTrace, "store", PostId{1}), kTrace);
  const std::string made = TraceIdOf("", "store", PostId{1});
  EXPECT_EQ(made, TraceIdOf("", "store", PostId{1}));
  EXPECT_NE(made, TraceIdOf("", "store", PostId{2}));
  EXPECT_NE(made, TraceIdOf("", "other", PostId{1}));
}

TEST(Traceparent, IsOneThatOthersTake) {
  const std::string first = Traceparent(kTrace, "store-1/1");
  EXPECT_EQ(TraceIdIn(first), kTrace);
  EXPECT_THAT(first, MatchesRegex("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01"));
  EXPECT_NE(first, Traceparent(kTrace, "store-1/2"));
  EXPECT_EQ(TraceIdIn(Traceparent(TraceIdOf("", "store", PostId{1}), "x")),
            TraceIdOf("", "store", PostId{1}));
}

}  // namespace
}  // namespace relay
