// A point in time by which something must have happened. Waiting code asks it how long is left, and
// polls conditions of other processes that cannot be waited for in any other way.
#pragma once

#include <chrono>
#include <thread>

namespace relay::test {

class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now)
      : end_(std::chrono::steady_clock::now() + from_now) {}

  // For poll(2); 0 when it has passed.
  int left_ms() const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
    return left.count() > 0 ? static_cast<int>(left.count()) : 0;
  }
  bool passed() const { return left_ms() == 0; }

  // Tries until the condition holds; false when the time was up first.
  template <class Condition>
  bool Until(Condition condition) const {
    while (!condition()) {
      if (passed()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace relay::test
