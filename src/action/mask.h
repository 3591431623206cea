// Keeps secrets out of what operators are shown. Pure; any thread.
#pragma once

#include <string>

#include "base/json.h"

namespace relay {

// The text with every secret of at least four bytes replaced by "********", as it is and as it
// stands in a URL or a JSON string.
std::string MaskSecrets(std::string text, const Json& secrets);

}  // namespace relay
