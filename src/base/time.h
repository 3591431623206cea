// Points in time as this program keeps them: UTC, to the millisecond.
#pragma once

#include <chrono>
#include <string>

namespace relay {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// "2026-02-16T09:53:44Z"; the fraction of the second is left out.
std::string FormatTime(Time time);

// Where "now" comes from, so that tests can move it. Any thread may call Now().
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

class SystemClock : public Clock {
 public:
  Time Now() const override;
};

}  // namespace relay
