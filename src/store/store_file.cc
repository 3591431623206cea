#include "store/store_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/time.h"
#include "base/unique_fd.h"

namespace relay {
namespace {

// "20260216T095344Z"
std::string TimeForNames() {
  std::string name;
  for (const char c : FormatTime(SystemClock().Now())) {
    if (c != '-' && c != ':') name += c;
  }
  return name;
}

}  // namespace

std::optional<FileIdentity> IdentityOf(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return std::nullopt;
  return FileIdentity{file.st_dev, file.st_ino};
}

void MakePrivateFile(const std::string& path) {
  // Never opened here: closing it would give up the locks that SQLite has on it in this process.
  static_cast<void>(mknod(path.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0));
}

Result<std::string> SetAside(const std::string& path, const std::function<bool()>& still_damaged) {
  const UniqueFd lock(open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock || flock(lock.get(), LOCK_EX) != 0) {
    return Error{ErrorKind::Temporary,
                 "lock " + path + ".lock: " + std::strerror(errno)};  // NOLINT: glibc's is safe
  }
  if (!still_damaged()) return std::string();
  std::string aside = path + ".damaged-" + TimeForNames();
  while (IdentityOf(aside)) aside += "+";
  // The database last: while it is there, whoever comes finds it damaged and finishes this.
  for (const char* suffix : {"-wal", "-shm", ""}) {
    if (rename((path + suffix).c_str(), (aside + suffix).c_str()) != 0 && errno != ENOENT) {
      return Error{ErrorKind::Temporary,
                   "rename " + path + suffix + ": " + std::strerror(errno)};  // NOLINT: as above
    }
  }
  return aside;
}

}  // namespace relay
