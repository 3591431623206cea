// The receiver as a FastCGI application: server, intake and deliverer put together.
#pragma once

#include "base/log.h"
#include "config/load.h"

namespace relay {

// Serves the listening socket on descriptor 0 until it is told to stop. Returns the exit status: 0
// after a stop, 1 where the store cannot be used, 78 where the configuration is at fault.
int RunFastCgi(const Environment& environment, const Log& log);

}  // namespace relay
