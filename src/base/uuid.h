// UUIDs made from names. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

// Version 5 by RFC 9562, section 5.5, of a name in this project's own namespace, which is that of
// the URL "rescue-relay": 8ac74a31-c32b-5d65-9f9e-6d7786773d56 The same name has the same UUID,
// here and everywhere.
std::string NameUuid(std::string_view name);

}  // namespace relay
