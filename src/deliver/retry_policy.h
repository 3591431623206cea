// When a delivery that failed is tried again. Pure; any thread.
#pragma once

#include <optional>

#include "config/config.h"

namespace relay {

// How long to wait after attempt number `attempt` (from 1) failed: `first`, doubled with every
// attempt, up to `max`, then varied by up to a fifth either way so that deliveries that failed
// together do not come back together; `random` is from 0 to 1. What the other side asked for in
// Retry-After is honoured as it is, up to `max`.
Duration RetryDelay(const RetryConfig& retry, int attempt, std::optional<Duration> retry_after,
                    double random);

// True once a delivery is so old that a failure ends it.
bool GivesUp(const RetryConfig& retry, Time created_at, Time now);

}  // namespace relay
