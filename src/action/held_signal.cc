#include "action/held_signal.h"

#include <ctime>

namespace relay {

HeldSignal::HeldSignal(int number) {
  sigemptyset(&held_);
  sigaddset(&held_, number);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, number) == 1;
  pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

HeldSignal::~HeldSignal() {
  const timespec no_wait{};
  if (!was_pending_) sigtimedwait(&held_, nullptr, &no_wait);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace relay
