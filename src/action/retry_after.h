// When a target that is busy wants to be asked again. Pure; any thread.
#pragma once

#include <optional>

#include "action/http_message.h"
#include "base/time.h"

namespace relay {

// By Retry-After; else by the headers that say when a rate limit is reset: X-RateLimit-Reset,
// X-Rate-Limit-Reset and RateLimit-Reset, as seconds since 1970, a time (Jira: ISO 8601), or
// seconds from now (draft-ietf-httpapi-ratelimit-headers). Absent where none of them says anything.
std::optional<Duration> RetryAfter(const HttpAnswer& answer, Time now);

}  // namespace relay
