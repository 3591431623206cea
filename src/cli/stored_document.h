// A stored post as expressions see it.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "config/config.h"
#include "store/store.h"

namespace relay {

// BadInput where there is no such post.
Result<Json> ReadDocument(Store& store, const Config& config, PostId id);

}  // namespace relay
