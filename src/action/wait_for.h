// Waits for a socket without missing that the program stops. Any thread.
#pragma once

#include "action/patience.h"

namespace relay {

// The events of poll(2) that have come; 0 where patience was over first.
short WaitFor(int socket, short events, const Patience& patience);

}  // namespace relay
