// The keys of actions of type "file". Part of LoadConfig.
#pragma once

#include "config/action_reader.h"
#include "config/file_config.h"

namespace relay {

// Notes every mistake; what it returns counts only where there was none.
FileConfig LoadFile(ActionReader& action);

}  // namespace relay
