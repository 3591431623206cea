// Sessions that never end: a console that dies posts nothing, and its case would stay open for
// ever.
#pragma once

#include <memory>

#include "base/log.h"
#include "base/result.h"
#include "config/config.h"
#include "store/store.h"

namespace relay {

// Raises the event "lapsed" once for every open session without a post for [session] give_up: a
// post of our own, with the variables of the session's newest and no chat, is stored and delivered
// like any other. A session that goes on afterwards is open again. One that cannot be read is
// logged and left.
Result<void> EndSilentSessions(Store& store, const std::shared_ptr<const Config>& config, Time now,
                               const Log& log);

}  // namespace relay
