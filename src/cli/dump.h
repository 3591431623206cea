// The effective configuration as an operator may show it to others: secrets are masked.
#pragma once

#include <string>

#include "config/config.h"

namespace relay {

std::string DumpConfig(const Config& config);

}  // namespace relay
