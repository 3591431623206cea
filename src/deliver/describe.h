// A delivery as the log names it. Pure; any thread.
#pragma once

#include "base/log.h"
#include "store/store.h"

namespace relay {

// delivery_id=5 post_id=3 action=crm attempt=2, and `more`
LogFields Describe(const Claim& claim, LogFields more = {});

}  // namespace relay
