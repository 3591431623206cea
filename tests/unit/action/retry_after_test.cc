#include "action/retry_after.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using std::chrono::seconds;

constexpr Time kNow{Duration{1'767'225'600'000}};  // 2026-01-01T00:00:00Z

struct RetryAfterRow {
  const char* name;
  const char* header;
  const char* value;
  std::optional<Duration> wait;
};

TEST(RetryAfter, FindsWhenARateLimitIsReset) {
  const RetryAfterRow rows[] = {
      {"epoch", "x-ratelimit-reset", "1767225660", seconds(60)},
      {"epoch in milliseconds", "x-ratelimit-reset", "1767225660000", seconds(60)},
      {"Jira's time without seconds", "x-ratelimit-reset", "2026-01-01T00:01Z", seconds(60)},
      {"a time", "x-rate-limit-reset", "2026-01-01T00:00:30Z", seconds(30)},
      {"seconds from now", "ratelimit-reset", "30", seconds(30)},
      {"in the past", "x-ratelimit-reset", "1767225000", seconds(0)},
      {"no number", "x-ratelimit-reset", "soon", std::nullopt},
      {"empty", "x-ratelimit-reset", "", std::nullopt},
      {"negative", "x-ratelimit-reset", "-5", std::nullopt},
      {"infinite", "x-ratelimit-reset", "inf", std::nullopt},
      {"huge", "x-ratelimit-reset", "1e300", std::nullopt},
      {"another header", "x-ratelimit-remaining", "30", std::nullopt},
  };
  for (const RetryAfterRow& row : rows) {
    const HttpAnswer answer{429, {{row.header, row.value}}, "", {}};
    EXPECT_EQ(RetryAfter(answer, kNow), row.wait) << row.name;
  }
}

TEST(RetryAfter, TheHeaderOfThatNameCountsMost) {
  const HttpAnswer answer{429, {{"x-ratelimit-reset", "1767229200"}}, "", seconds(5)};
  EXPECT_EQ(RetryAfter(answer, kNow), seconds(5));
}

}  // namespace
}  // namespace relay
