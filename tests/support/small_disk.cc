#include "support/small_disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "support/unique_fd.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = 1 << 20;

void Check(int result, const char* doing) {
  if (result != 0) throw std::system_error(errno, std::generic_category(), doing);
}

void WriteTo(const char* file, const std::string& text) {
  std::ofstream(file) << text;
}

// What is mounted from now on is nobody else's business. Who is not root may mount in a user
// namespace, where he stays who he is.
void UnshareMounts() {
  if (unshare(CLONE_NEWNS) != 0) {
    const auto user = geteuid();
    const auto group = getegid();
    Check(unshare(CLONE_NEWUSER | CLONE_NEWNS), "get a mount namespace");
    WriteTo("/proc/self/setgroups", "deny");
    WriteTo("/proc/self/uid_map", fmt::format("{0} {0} 1", user));
    WriteTo("/proc/self/gid_map", fmt::format("{0} {0} 1", group));
  }
  // The root of a chroot is no mount: there the small disk can be seen from outside, too.
  const int made_private = mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  if (made_private != 0 && errno != EINVAL) Check(made_private, "keep mounts private");
}

}  // namespace

SmallDisk::SmallDisk(size_t bytes) {
  UnshareMounts();
  const std::string options = fmt::format("size={},mode=0777", bytes);
  Check(mount("relay-test", path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()),
        "mount a small file system");
}

SmallDisk::~SmallDisk() {
  umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::Fill(size_t leave) const {
  const UniqueFd filler(
      open((path() / "filler").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  Check(filler.get() < 0 ? -1 : 0, "create the filler");
  // Somebody may take room at the same time.
  size_t filled = 0;
  for (size_t free = fs::space(path()).available; free > leave;
       free = fs::space(path()).available) {
    const size_t piece = std::min(free - leave, kPiece);
    errno = posix_fallocate(filler.get(), static_cast<off_t>(filled), static_cast<off_t>(piece));
    if (errno == 0) filled += piece;
    if (errno != 0 && errno != ENOSPC) Check(-1, "fill a file system");
  }
}

void SmallDisk::MakeRoom() const {
  fs::remove(path() / "filler");
}

}  // namespace relay::test
