#include "action/line_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "action/held_signal.h"

namespace relay {
namespace {

constexpr auto kAskForLockEvery = std::chrono::milliseconds(5);
constexpr mode_t kFolderMode = 0750;

// A name that is too long, or not to the file system's liking, stays so.
Error Failed(const char* doing) {
  const int number = errno;
  const bool is_name = number == ENAMETOOLONG || number == EINVAL || number == EILSEQ;
  return {is_name ? ErrorKind::Permanent : ErrorKind::Temporary,
          fmt::format("{}: {}", doing, std::generic_category().message(number))};
}

// The folders between the fixed one and the file, outermost first, and the fixed one itself.
std::vector<std::string> Folders(const LineFile& target) {
  std::vector<std::string> folders{target.fixed_folder};
  for (std::size_t at = target.path.find('/', target.fixed_folder.size() + 1);
       at != std::string::npos; at = target.path.find('/', at + 1)) {
    folders.push_back(target.path.substr(0, at));
  }
  return folders;
}

// The fixed folder must be there: where it is missing, a disk may not be mounted.
Result<void> MakeFolders(const LineFile& target) {
  const auto folders = Folders(target);
  for (std::size_t i = 1; i < folders.size(); ++i) {
    if (mkdir(folders[i].c_str(), kFolderMode) != 0 && errno != EEXIST) {
      return Failed("make its folder");
    }
  }
  return {};
}

// Some file systems cannot sync a folder, and say EINVAL.
Result<void> SyncFolders(const LineFile& target) {
  for (const std::string& path : Folders(target)) {
    const UniqueFd folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || (fsync(folder.get()) != 0 && errno != EINVAL)) return Failed("sync its folder");
  }
  return {};
}

// O_NONBLOCK, lest a named pipe without a reader holds us for ever.
int OpenWith(const LineFile& target, int flags) {
  return open(target.path.c_str(), O_RDWR | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags,
              static_cast<mode_t>(target.mode));
}

// Absent where somebody else has made it meanwhile.
Result<UniqueFd> Create(const LineFile& target) {
  UniqueFd file(OpenWith(target, O_CREAT | O_EXCL));
  if (!file && errno == ENOENT) {
    auto made = MakeFolders(target);
    if (!made) return made.error();
    file.Reset(OpenWith(target, O_CREAT | O_EXCL));
  }
  if (!file && errno == EEXIST) return UniqueFd();
  if (!file) return Failed("create");
  if (fchmod(file.get(), static_cast<mode_t>(target.mode)) != 0) return Failed("set its mode");
  return file;
}

Result<UniqueFd> Open(const LineFile& target) {
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    UniqueFd file(OpenWith(target, 0));
    if (file) return file;
    if (errno != ENOENT) return Failed("open");
    auto created = Create(target);
    if (!created || *created) return created;
  }
  // A link to nowhere is like that for ever.
  return Error{ErrorKind::Temporary, "open: it is there and it is not"};
}

Result<void> Lock(const UniqueFd& file, const Patience& patience) {
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Failed("lock");
    if (patience.over()) {
      return Error{ErrorKind::Temporary, "lock: somebody else held it all the time"};
    }
    std::this_thread::sleep_for(kAskForLockEvery);
  }
  return {};
}

struct LockedFile {
  UniqueFd file;
  off_t size = 0;
};

// The file that has the name now that we hold its lock.
Result<LockedFile> OpenAndLock(const LineFile& target, const Patience& patience) {
  for (;;) {
    auto file = Open(target);
    if (!file) return file.error();
    auto locked = Lock(*file, patience);
    if (!locked) return locked.error();
    struct stat ours {};
    struct stat named {};
    if (fstat(file->get(), &ours) != 0) return Failed("look at it");
    if (!S_ISREG(ours.st_mode)) return Error{ErrorKind::Temporary, "open: it is no plain file"};
    const bool found = stat(target.path.c_str(), &named) == 0;
    if (!found && errno != ENOENT) return Failed("look at it");
    if (found && named.st_dev == ours.st_dev && named.st_ino == ours.st_ino) {
      return LockedFile{std::move(*file), ours.st_size};
    }
    if (patience.over()) return Error{ErrorKind::Temporary, "open: it is replaced all the time"};
  }
}

Result<void> CutTo(int file, off_t size) {
  if (ftruncate(file, size) != 0) return Failed("cut off an unfinished line");
  return {};
}

Result<void> WriteAndSync(int file, std::string_view text) {
  const HeldSignal beyond_the_limit(SIGXFSZ);
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return Failed("append");
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Its size is synced with it.
  if (fdatasync(file) != 0) return Failed("sync");
  return {};
}

}  // namespace

Result<void> AppendLine(const LineFile& target, const std::string& line, const Patience& patience) {
  const auto locked = OpenAndLock(target, patience);
  if (!locked) return locked.error();
  const int file = locked->file.get();
  const auto end = target.end_of_whole_lines(file, locked->size);
  if (!end) return end.error();
  if (*end < locked->size) {
    auto cut = CutTo(file, *end);
    if (!cut) return cut;
  }
  if (*end == 0) {
    // Before the first byte: whoever finds one may rely on the name.
    auto synced = SyncFolders(target);
    if (!synced) return synced;
  }
  auto written = WriteAndSync(file, *end == 0 ? target.header + line : line);
  if (!written) static_cast<void>(CutTo(file, *end));  // else the next one does it
  return written;
}

}  // namespace relay
