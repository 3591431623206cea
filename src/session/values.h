// Typed values of variables. Their formats are not documented, so many are read; what cannot be
// read is absent, never guessed. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace relay {

// A UTC time in any of the formats seen or plausible; absent where it is empty, cannot be read, or
// stands for "not set" (0, 0001-01-01, 1/1/1900, 1/1/1970). Ambiguous slashes are month/day.
std::optional<Time> ParseTime(std::string_view text);

// True for text that stands for some time, even in a format that ParseTime cannot read: a session
// whose ClosingTime says something is closed.
bool SaysATime(std::string_view text);

// An integer, a decimal, or H:MM:SS as seconds; absent where it is none of them.
std::optional<double> ParseNumber(std::string_view text);

}  // namespace relay
