// How long the disk takes until what was written is safe: what every 200 waits for.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace relay {

struct SyncLatency {
  std::chrono::microseconds median{};
  std::chrono::microseconds longest{};
};

// Writes 4 KiB to a file of its own in that folder and syncs it, some times over. The file is gone
// afterwards, also after a crash.
Result<SyncLatency> MeasureSyncLatency(const std::string& folder);

}  // namespace relay
