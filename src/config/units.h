// Durations and sizes as the configuration writes them. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace relay {

// "500ms", "10s", "15m", "1h", "3d", "2w"; a unit is required.
std::optional<Duration> ParseDuration(std::string_view text);

// "512", "16KiB", "16MiB", "1GiB", "1TiB"; also kB, MB, GB, TB in steps of 1000.
std::optional<std::uint64_t> ParseSize(std::string_view text);

}  // namespace relay
