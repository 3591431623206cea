// The "auth" of an action of type "http". Part of LoadConfig.
#pragma once

#include "config/action_reader.h"
#include "config/http_config.h"

namespace relay {

HttpAuth LoadHttpAuth(ActionReader& action);

}  // namespace relay
