// Cross-Origin Resource Sharing (https://fetch.spec.whatwg.org/#http-cors-protocol), for pages that
// [intake] allow_origins names. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "intake/request.h"

namespace relay {

// The reply to a question that a browser asks before it posts; absent where the request is none, or
// none of an allowed origin.
std::optional<Reply> Preflight(const Request& request, const std::vector<std::string>& origins);

// Lets the page read the reply, where its origin is allowed.
void AllowOrigin(const Request& request, const std::vector<std::string>& origins, Reply& reply);

}  // namespace relay
