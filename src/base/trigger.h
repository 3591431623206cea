// Wakes one waiting thread. A notification that comes while nobody waits is kept for the next wait.
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/time.h"

namespace relay {

class Trigger {
 public:
  void Notify() {
    {
      const std::lock_guard lock(mutex_);
      set_ = true;
    }
    changed_.notify_one();
  }

  // Returns when notified or when the time is over, whichever is first.
  void WaitFor(Duration limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return set_; });
    set_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

}  // namespace relay
