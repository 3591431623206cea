// What was counted and timed, as it is exposed. Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "model/measurements.h"
#include "watch/exposition.h"

namespace relay {

// One for each counter and histogram that there is, whether or not anything was measured.
std::vector<Family> MeasuredFamilies(std::span<const Measured> measured);

}  // namespace relay
