// What SQLite does in this process, counted instead of timed: steps of its virtual machine and
// pages it looks at. The same work counts the same on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace relay::test {

struct SqlWork {
  std::int64_t steps = 0;
  std::int64_t pages = 0;
};

struct SqlWorks {
  SqlWork total;
  std::map<std::string, SqlWork> by_statement;

  // The statements by their steps, most first, for a test that fails.
  std::string Listed() const;
};

// One at a time; it and the connections it counts belong to one thread.
class StepMeter {
 public:
  StepMeter();  // counts in all connections that are opened from now on
  ~StepMeter();
  StepMeter(const StepMeter&) = delete;

  // What was done since this was last called.
  SqlWorks Take();
};

}  // namespace relay::test
