#include "action/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "session/values.h"

namespace relay {
namespace {

constexpr std::array kResets{"x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset"};

// No rate limit lasts so long: a greater number is a time.
constexpr double kLongestWait = 366.0 * 86400;

// Seconds beyond the year 5000 are milliseconds.
constexpr double kNoSeconds = 1e11;

std::optional<double> Number(const std::string& text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !(value >= 0 && value < 1e15)) return std::nullopt;
  return value;
}

std::optional<Duration> WaitUntil(const std::string& text, Time now) {
  const auto number = Number(text);
  if (number && *number <= kLongestWait) {
    return Duration(static_cast<Duration::rep>(*number * 1000));
  }
  std::optional<Time> reset;
  if (number) {
    const double milliseconds = *number > kNoSeconds ? *number : *number * 1000;
    reset = Time(Duration(static_cast<Duration::rep>(milliseconds)));
  } else {
    reset = ParseTime(text);
  }
  if (!reset) return std::nullopt;
  return std::max(Duration::zero(), std::chrono::duration_cast<Duration>(*reset - now));
}

}  // namespace

std::optional<Duration> RetryAfter(const HttpAnswer& answer, Time now) {
  if (answer.retry_after) return answer.retry_after;
  for (const char* reset : kResets) {
    for (const HttpHeader& header : answer.headers) {
      if (header.name != reset) continue;
      if (const auto wait = WaitUntil(header.value, now)) return wait;
    }
  }
  return std::nullopt;
}

}  // namespace relay
