// How everything stands, in numbers: what `rescue-relay metrics` prints and the metrics file holds.
#pragma once

#include <vector>

#include "config/config.h"
#include "store/store.h"
#include "watch/exposition.h"

namespace relay {

// Reads the store and changes nothing. Counting takes time that grows with the deliveries.
Result<std::vector<Family>> Survey(const Config& config, Store& store, Time now);

}  // namespace relay
