// A reply as a CGI response (RFC 3875, section 6), which is what FastCGI carries, too. Pure.
#pragma once

#include <string>

#include "intake/request.h"

namespace relay {

std::string ToCgiResponse(const Reply& reply);

}  // namespace relay
