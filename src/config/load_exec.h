// The keys of actions of type "exec". Part of LoadConfig.
#pragma once

#include "config/action_reader.h"
#include "config/exec_config.h"

namespace relay {

// Notes every mistake; what it returns counts only where there was none.
ExecConfig LoadExec(ActionReader& action);

}  // namespace relay
