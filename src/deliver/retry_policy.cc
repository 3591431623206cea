#include "deliver/retry_policy.h"

#include <algorithm>

namespace relay {

Duration RetryDelay(const RetryConfig& retry, int attempt, std::optional<Duration> retry_after,
                    double random) {
  if (retry_after) return std::min(*retry_after, retry.max);
  Duration delay = retry.first;
  for (int i = 1; i < attempt && delay < retry.max; ++i) delay *= 2;
  delay = std::min(delay, retry.max);
  const double factor = 0.8 + 0.4 * random;
  return Duration{static_cast<std::int64_t>(static_cast<double>(delay.count()) * factor)};
}

bool GivesUp(const RetryConfig& retry, Time created_at, Time now) {
  return now - created_at >= retry.give_up;
}

}  // namespace relay
