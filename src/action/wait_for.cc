#include "action/wait_for.h"

#include <poll.h>

#include <algorithm>

namespace relay {

short WaitFor(int socket, short events, const Patience& patience) {
  constexpr Duration kLookForStop = std::chrono::milliseconds(100);
  pollfd waiting{socket, events, 0};
  while (!patience.over()) {
    const auto wait = static_cast<int>(std::min(patience.left(), kLookForStop).count());
    if (poll(&waiting, 1, wait) > 0) return waiting.revents;
  }
  return 0;
}

}  // namespace relay
