// Whether a statement of the configuration can take bound values where its {{ }} stand. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>

#include "config/database_config.h"

namespace relay {

// What is wrong with it, for the operator: a {{ }} within quotes or a comment, where no database
// takes a value; a placeholder of his own; several statements in one. Absent where nothing is.
std::optional<std::string> MistakeIn(const TextTemplate& sql, const DatabaseAddress& database);

}  // namespace relay
