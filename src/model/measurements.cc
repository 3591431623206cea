#include "model/measurements.h"

#include <algorithm>
#include <array>

namespace relay {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kShort =
    std::to_array<milliseconds>({1ms, 2ms, 5ms, 10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s, 5s});
constexpr auto kOfAttempts = std::to_array<milliseconds>(
    {5ms, 10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s, 2s, 5s, 10s, 30s, 60s});
constexpr auto kLong =
    std::to_array<milliseconds>({100ms, 500ms, 1s, 5s, 15s, 1min, 5min, 15min, 1h, 6h, 24h, 72h});

}  // namespace

const Counter kRequests{"rescue_relay_requests_total", "Requests answered, by status.", "status",
                        false};
const Counter kAttempts{"rescue_relay_attempts_total",
                        "Attempts at delivering that have ended, by action and outcome.", "outcome",
                        true};
const Histogram kAcceptTime{"rescue_relay_accept_seconds",
                            "From reading a post to having it stored and synced.", kShort, false};
const Histogram kSyncTime{"rescue_relay_sync_seconds",
                          "Commits with their sync, of posts and of the ends of attempts.", kShort,
                          false};
const Histogram kAttemptTime{"rescue_relay_attempt_seconds", "Attempts at delivering.", kOfAttempts,
                             true};
const Histogram kDeliveryTime{"rescue_relay_delivery_seconds",
                              "From receiving a post to having it delivered.", kLong, true};

std::span<const Counter* const> Counters() {
  static constexpr std::array kAll{&kRequests, &kAttempts};
  return kAll;
}

std::span<const Histogram* const> Histograms() {
  static constexpr std::array kAll{&kAcceptTime, &kSyncTime, &kAttemptTime, &kDeliveryTime};
  return kAll;
}

void Measurements::Add(const Counter& counter, const std::string& action, const std::string& detail,
                       std::int64_t count) {
  const std::lock_guard lock(mutex_);
  sums_[{counter.name, action, detail, 0}].count += count;
}

void Measurements::Add(const Histogram& histogram, const std::string& action,
                       std::chrono::microseconds took, std::int64_t count) {
  if (count == 0) return;
  took = std::max(took, std::chrono::microseconds::zero());  // the clock may have been put back
  const auto bound = std::lower_bound(histogram.bounds.begin(), histogram.bounds.end(), took);
  const std::int64_t key = bound == histogram.bounds.end() ? kNoBound : bound->count();
  const std::lock_guard lock(mutex_);
  Sum& sum = sums_[{histogram.name, action, "", key}];
  sum.count += count;
  sum.microseconds += took.count() * count;
}

std::vector<Measured> Measurements::Take() {
  std::map<Key, Sum> sums;
  {
    const std::lock_guard lock(mutex_);
    std::swap(sums, sums_);
  }
  std::vector<Measured> taken;
  for (const auto& [key, sum] : sums) {
    const auto& [metric, action, detail, bound] = key;
    taken.push_back({metric, action, detail, bound, sum.count, sum.microseconds});
  }
  return taken;
}

void Measurements::PutBack(const std::vector<Measured>& taken) {
  const std::lock_guard lock(mutex_);
  for (const Measured& one : taken) {
    Sum& sum = sums_[{one.metric, one.action, one.detail, one.bound}];
    sum.count += one.count;
    sum.microseconds += one.microseconds;
  }
}

}  // namespace relay
