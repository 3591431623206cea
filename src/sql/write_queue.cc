#include "sql/write_queue.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace relay::sql {
namespace {

// Bytes of the file. Whoever holds the turn writes; whoever holds the next place has it after that.
constexpr off_t kTurn = 0;
constexpr off_t kNext = 1;

constexpr auto kPatience = std::chrono::seconds(5);

// Only one waits for the turn, so it may look often. Many may wait for the next place.
constexpr long kLookForTurn = 50'000;    // ns
constexpr long kLookForPlace = 500'000;  // ns

// Locks that belong to the open file, not to the process: fcntl(2), "open file description locks".
bool Lock(int file, off_t byte, short kind) {
  struct flock lock {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return fcntl(file, F_OFD_SETLK, &lock) == 0;
}

void WaitFor(int file, off_t byte, long pause) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!Lock(file, byte, F_WRLCK) && std::chrono::steady_clock::now() < end) {
    const timespec time{0, pause};
    nanosleep(&time, nullptr);
  }
}

// As SQLite does with its own files: a command that root runs must not lock out the owner.
void GiveToOwnerOf(const std::string& path, int file) {
  struct stat database {};
  if (geteuid() != 0 || stat(path.c_str(), &database) != 0) return;
  static_cast<void>(!fchown(file, database.st_uid, database.st_gid));
}

}  // namespace

WriteQueue::WriteQueue(const std::string& path) {
  if (path == ":memory:" || path.empty()) return;
  file_.Reset(open((path + ".queue").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file_) GiveToOwnerOf(path, file_.get());
}

void WriteQueue::Enter() {
  if (!file_) return;
  WaitFor(file_.get(), kNext, kLookForPlace);
  WaitFor(file_.get(), kTurn, kLookForTurn);
  Lock(file_.get(), kNext, F_UNLCK);
}

void WriteQueue::Leave() {
  if (file_) Lock(file_.get(), kTurn, F_UNLCK);
}

}  // namespace relay::sql
