#include "deliver/retry_policy.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const RetryConfig kRetry{seconds(10), hours(1), hours(72)};

TEST(RetryPolicy, DoublesUpToTheMaximum) {
  EXPECT_EQ(RetryDelay(kRetry, 1, {}, 0.5), seconds(10));
  EXPECT_EQ(RetryDelay(kRetry, 2, {}, 0.5), seconds(20));
  EXPECT_EQ(RetryDelay(kRetry, 4, {}, 0.5), seconds(80));
  EXPECT_EQ(RetryDelay(kRetry, 30, {}, 0.5), hours(1));
  EXPECT_EQ(RetryDelay(kRetry, 1'000'000, {}, 0.5), hours(1));
}

TEST(RetryPolicy, VariesByAFifthEitherWay) {
  EXPECT_EQ(RetryDelay(kRetry, 1, {}, 0.0), seconds(8));
  EXPECT_EQ(RetryDelay(kRetry, 1, {}, 1.0), seconds(12));
}

TEST(RetryPolicy, HonoursRetryAfterUpToTheMaximum) {
  EXPECT_EQ(RetryDelay(kRetry, 1, seconds(37), 0.9), seconds(37));
  EXPECT_EQ(RetryDelay(kRetry, 9, seconds(1), 0.9), seconds(1));
  EXPECT_EQ(RetryDelay(kRetry, 1, hours(24), 0.9), hours(1));
}

TEST(RetryPolicy, GivesUpByAge) {
  const Time created{};
  EXPECT_FALSE(GivesUp(kRetry, created, created + hours(71)));
  EXPECT_TRUE(GivesUp(kRetry, created, created + hours(72)));
}

}  // namespace
}  // namespace relay
