// The clock of the stores in a run: a millisecond of theirs is a microsecond of ours. So leases of
// minutes lapse while the test watches, and what happens one after the other has different times.
#pragma once

#include "base/time.h"

namespace relay::test {

class FastClock : public Clock {
 public:
  using Steady = std::chrono::steady_clock;

  // The same in every process that is given the same start.
  explicit FastClock(Steady::time_point started) : started_(started) {}

  Time Now() const override {
    const auto real = std::chrono::floor<std::chrono::microseconds>(Steady::now() - started_);
    return kStart + Duration(real.count());
  }

  Steady::time_point RealTimeOf(Time time) const {
    return started_ + std::chrono::microseconds((time - kStart).count());
  }

 private:
  static constexpr Time kStart{Duration{1'767'225'600'000}};  // 2026-01-01T00:00:00Z
  const Steady::time_point started_;
};

}  // namespace relay::test
