// What this process has counted and timed and not yet handed over to the store, where the numbers
// of all processes come together. Any thread may add. A crash loses what was not handed over.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace relay {

// A number that only grows, one for each of an action and a detail.
struct Counter {
  const char* name;
  const char* help;
  const char* detail;  // what the detail is called; empty where there is none
  bool by_action;
};

// How long something took. Its bounds may be others in a later version: each count is kept with
// the bound it was made under.
struct Histogram {
  const char* name;
  const char* help;
  std::span<const std::chrono::milliseconds> bounds;  // rising
  bool by_action;
};

extern const Counter kRequests;
extern const Counter kAttempts;
extern const Histogram kAcceptTime;
extern const Histogram kSyncTime;
extern const Histogram kAttemptTime;
extern const Histogram kDeliveryTime;

std::span<const Counter* const> Counters();
std::span<const Histogram* const> Histograms();

// One number of a counter, or of one bucket of a histogram.
struct Measured {
  std::string metric;
  std::string action;
  std::string detail;
  std::int64_t bound = 0;  // of the bucket, in milliseconds; kNoBound for the last one
  std::int64_t count = 0;
  std::int64_t microseconds = 0;  // of all in the bucket together

  bool operator==(const Measured&) const = default;
};
inline constexpr std::int64_t kNoBound = INT64_MAX;

class Measurements {
 public:
  void Add(const Counter& counter, const std::string& action, const std::string& detail,
           std::int64_t count = 1);
  // `count` of them took as long.
  void Add(const Histogram& histogram, const std::string& action, std::chrono::microseconds took,
           std::int64_t count = 1);

  // All so far; it begins anew.
  std::vector<Measured> Take();
  // For what could not be handed over.
  void PutBack(const std::vector<Measured>& taken);

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::int64_t>;
  struct Sum {
    std::int64_t count = 0;
    std::int64_t microseconds = 0;
  };

  std::mutex mutex_;
  std::map<Key, Sum> sums_;
};

}  // namespace relay
