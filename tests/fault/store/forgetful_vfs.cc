#include "fault/store/forgetful_vfs.h"

#include <sqlite3.h>

#include <cstdio>

#include "fault/store/open_file.h"

namespace relay::test {

struct ForgetfulVfs::State {
  State();
  static State& Of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* got);
  static int Delete(sqlite3_vfs* vfs, const char* name, int sync_folder);
  static int Access(sqlite3_vfs* vfs, const char* name, int flags, int* there);
  static int FullPathname(sqlite3_vfs* vfs, const char* name, int size, char* full);
  static int Randomness(sqlite3_vfs* vfs, int size, char* bytes);
  static int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int CurrentTime(sqlite3_vfs* vfs, double* julian_day);
  static int GetLastError(sqlite3_vfs*, int, char*) { return 0; }

  sqlite3_vfs vfs{};
  sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
  std::shared_ptr<ForgetfulDisk> disk = std::make_shared<ForgetfulDisk>();
  Random random;
};

ForgetfulVfs::State::State() {
  vfs.iVersion = 1;
  vfs.szOsFile = SizeOfOpenFile();
  vfs.mxPathname = 512;
  vfs.zName = "forgetful";
  vfs.pAppData = this;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xCurrentTime = CurrentTime;
  vfs.xGetLastError = GetLastError;
}

int ForgetfulVfs::State::Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                              int* got) {
  file->pMethods = nullptr;
  const auto disk = Of(vfs).disk;
  const bool may_create = (flags & SQLITE_OPEN_CREATE) != 0;
  auto inode = name == nullptr || disk->dead() ? nullptr : disk->Find(name);
  if (inode == nullptr && may_create) inode = disk->Create(name == nullptr ? "" : name);
  if (inode == nullptr) return SQLITE_CANTOPEN;
  // SQLite's VFS for Unix syncs the folder with the first sync of a journal, and then only.
  constexpr int kJournals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
  const bool journal = may_create && (flags & kJournals) != 0;
  OpenAs(file, disk, std::move(inode), journal ? SyncScope::FileAndNames : SyncScope::File);
  if (got != nullptr) *got = flags;
  return SQLITE_OK;
}

int ForgetfulVfs::State::Delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  ForgetfulDisk& disk = *Of(vfs).disk;
  if (!disk.dead() && disk.Find(name) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
  const auto scope = sync_folder != 0 ? SyncScope::FileAndNames : SyncScope::File;
  return disk.Delete(name, scope) == IoStatus::Ok ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

int ForgetfulVfs::State::Access(sqlite3_vfs* vfs, const char* name, int flags, int* there) {
  const ForgetfulDisk& disk = *Of(vfs).disk;
  if (disk.dead()) return SQLITE_IOERR_ACCESS;
  const auto inode = disk.Find(name);
  // As the VFS for Unix does: an empty file does not count as one that is there.
  const bool must_have_bytes = flags == SQLITE_ACCESS_EXISTS;
  *there = inode != nullptr && !(must_have_bytes && inode->content.seen().empty()) ? 1 : 0;
  return SQLITE_OK;
}

int ForgetfulVfs::State::FullPathname(sqlite3_vfs* /*vfs*/, const char* name, int size,
                                      char* full) {
  const int length = std::snprintf(full, static_cast<std::size_t>(size), "%s", name);
  return length < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

int ForgetfulVfs::State::Randomness(sqlite3_vfs* vfs, int size, char* bytes) {
  for (int i = 0; i < size; ++i) bytes[i] = static_cast<char>(Of(vfs).random() >> 8);
  return size;
}

int ForgetfulVfs::State::CurrentTime(sqlite3_vfs* /*vfs*/, double* julian_day) {
  *julian_day = 2461041.5;  // 2026-01-01
  return SQLITE_OK;
}

ForgetfulVfs::ForgetfulVfs() : state_(std::make_unique<State>()) {
  sqlite3_vfs_register(&state_->vfs, 1);
}

ForgetfulVfs::~ForgetfulVfs() {
  sqlite3_vfs_register(state_->usual, 1);
  sqlite3_vfs_unregister(&state_->vfs);
}

void ForgetfulVfs::Insert(std::shared_ptr<ForgetfulDisk> disk) {
  state_->disk = std::move(disk);
}

void ForgetfulVfs::RestartRandomness() {
  state_->random.seed(1);
  sqlite3_randomness(0, nullptr);  // draws from the VFS again
}

}  // namespace relay::test
