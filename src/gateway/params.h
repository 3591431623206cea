// From the variables of RFC 3875, section 4.1, to a request. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "intake/request.h"

namespace relay {

// "NAME=value" strings as FastCGI parameters and the environment hold them. Of a repeated name the
// first counts.
using Params = std::vector<std::string>;

std::optional<std::string> FindParam(const Params& params, std::string_view name);

// CONTENT_LENGTH; absent where it is missing, empty or no number.
std::optional<unsigned long long> ContentLength(const Params& params);

// Everything but the body.
Request RequestOf(const Params& params);

}  // namespace relay
