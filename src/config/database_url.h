// The url of an action of type "database". Pure; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "config/database_config.h"

namespace relay {

// postgresql://, postgres://, mysql://, mariadb://, sqlite:PATH or odbc:CONNECTION-STRING. BadInput
// where it is none of them, or holds a password, which would be seen wherever a URL is.
Result<DatabaseAddress> ParseDatabaseUrl(const std::string& url);

}  // namespace relay
