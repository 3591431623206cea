// The keys of an action of type "database". Part of LoadConfig.
#pragma once

#include "config/action_reader.h"
#include "config/database_config.h"

namespace relay {

DatabaseConfig LoadDatabase(ActionReader& action);

}  // namespace relay
