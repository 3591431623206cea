// A delivery in words, for the log. Pure; any thread.
#pragma once

#include <string>

#include "store/store.h"

namespace relay {

// "delivery 5 of post 3 by action crm, attempt 2"
std::string Describe(const Claim& claim);

}  // namespace relay
