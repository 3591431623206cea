#include "watch/metrics_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/unique_fd.h"
#include "base/write_all.h"

namespace relay {
namespace {

// Whoever collects is another user.
constexpr mode_t kReadableByAll = 0644;

Error Failed(const std::string& path) {
  return {ErrorKind::Temporary, "write " + path + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<void> WriteMetricsFile(const std::string& path, const std::string& text) {
  // Its name does not end as the collector's files do.
  const std::string next = fmt::format("{}.{}", path, getpid());
  const UniqueFd file(
      open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kReadableByAll));
  if (!file) return Failed(next);
  if (WriteAll(file.get(), text) && fchmod(file.get(), kReadableByAll) == 0 &&
      rename(next.c_str(), path.c_str()) == 0) {
    return {};
  }
  Error error = Failed(path);
  unlink(next.c_str());
  return error;
}

}  // namespace relay
