// A descriptor by which one thread wakes another that waits in epoll: eventfd(2).
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

#include "base/unique_fd.h"

namespace relay {

class EventFd {
 public:
  EventFd() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!descriptor_) throw std::runtime_error("no descriptor can be had to wake a thread");
  }

  int get() const { return descriptor_.get(); }

  // Readable from now on. Any thread.
  void Raise() const {
    const std::uint64_t one = 1;
    // Fails only where it is readable already, for the counter is full.
    [[maybe_unused]] const auto written = write(get(), &one, sizeof one);
  }
  // Not readable until it is raised again.
  void Clear() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(get(), &count, sizeof count);
  }

 private:
  UniqueFd descriptor_;
};

}  // namespace relay
