// A signal that a system call of this thread may raise, kept from the thread and from the rest of
// the process for as long as this lives. What comes meanwhile is thrown away.
#pragma once

#include <signal.h>

namespace relay {

// Made and ended on the same thread.
class HeldSignal {
 public:
  explicit HeldSignal(int number);
  ~HeldSignal();
  HeldSignal(const HeldSignal&) = delete;
  HeldSignal& operator=(const HeldSignal&) = delete;

 private:
  sigset_t held_;
  sigset_t before_;
  bool was_pending_;
};

}  // namespace relay
