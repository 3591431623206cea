// What is kept of a target's answer, for the operator. Pure; any thread.
#pragma once

#include <string>

#include "base/json.h"

namespace relay {

enum class Keep { Beginning, End };

// At most 4 KiB of the text and a mark where it was cut, without secrets: they are masked in the
// whole text first, so that none is cut in two and shown in part.
std::string KeptAnswer(std::string text, Keep keep, const Json& secrets);

}  // namespace relay
