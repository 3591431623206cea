// A clock that stands still until the test moves it.
#pragma once

#include <atomic>

#include "base/time.h"

namespace relay::test {

class FakeClock : public Clock {
 public:
  Time Now() const override { return Time{Duration{now_.load()}}; }
  void Advance(Duration by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{1'767'225'600'000};  // 2026-01-01T00:00:00Z
};

}  // namespace relay::test
