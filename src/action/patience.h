// How long something may take: until its time is up, or the program stops. Plain value; any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#include "base/time.h"

namespace relay {

class Patience {
 public:
  Patience(Duration timeout, const std::atomic<bool>& stop)
      : end_(std::chrono::steady_clock::now() + timeout), stop_(stop) {}

  Duration left() const {
    const auto left = std::chrono::ceil<Duration>(end_ - std::chrono::steady_clock::now());
    return std::max(left, Duration::zero());
  }
  bool stopped() const { return stop_; }
  bool over() const { return stopped() || left() == Duration::zero(); }

 private:
  const std::chrono::steady_clock::time_point end_;
  const std::atomic<bool>& stop_;
};

}  // namespace relay
