// The [action.NAME] tables. Part of LoadConfig.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "config/table_reader.h"

namespace relay {

// Notes every mistake; what it returns counts only where there was none.
ActionConfig LoadAction(const std::string& name, const toml::table& table, ProblemList& problems);

}  // namespace relay
