#include "cli/sync_latency.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace relay {
namespace {

constexpr std::size_t kTimes = 9;

Error Failed(const std::string& doing) {
  return {ErrorKind::Temporary, doing + ": " + std::strerror(errno)};
}

}  // namespace

Result<SyncLatency> MeasureSyncLatency(const std::string& folder) {
  std::string name = folder + "/.sync-latency-XXXXXX";
  const UniqueFd file(mkstemp(name.data()));
  if (!file) return Failed("write in " + folder);
  unlink(name.c_str());
  const std::string block(4096, 'x');
  std::array<std::chrono::microseconds, kTimes> took{};
  for (auto& time : took) {
    const auto start = std::chrono::steady_clock::now();
    if (write(file.get(), block.data(), block.size()) != std::ssize(block)) {
      return Failed("write in " + folder);
    }
    if (fdatasync(file.get()) != 0) return Failed("sync in " + folder);
    time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                                 start);
  }
  std::sort(took.begin(), took.end());
  return SyncLatency{took[kTimes / 2], took.back()};
}

}  // namespace relay
