#include "fault/store/open_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace relay::test {
namespace {

// Locks are held by its address.
struct OpenFile {
  std::shared_ptr<ForgetfulDisk> disk;
  std::shared_ptr<Inode> inode;
  SyncScope next_sync;
};

// What SQLite allocates for a file that it opens.
struct Slot {
  sqlite3_file base;
  OpenFile* file;
};

OpenFile& FileOf(sqlite3_file* file) {
  return *reinterpret_cast<Slot*>(file)->file;
}

int CodeOf(IoStatus status, int failure) {
  switch (status) {
    case IoStatus::Ok:
      return SQLITE_OK;
    case IoStatus::Full:
      return failure == SQLITE_IOERR_WRITE ? SQLITE_FULL : failure;
    case IoStatus::Failed:
      break;
  }
  return failure;
}

int Close(sqlite3_file* base) {
  OpenFile& file = FileOf(base);
  file.inode->locks.Lower(&file, SQLITE_LOCK_NONE);
  delete &file;
  return SQLITE_OK;
}

int Read(sqlite3_file* base, void* to, int size, sqlite3_int64 offset) {
  const OpenFile& file = FileOf(base);
  if (file.disk->dead()) return SQLITE_IOERR_READ;
  const std::string& content = file.inode->content.seen();
  const auto from = std::min(static_cast<std::size_t>(offset), content.size());
  const auto wanted = static_cast<std::size_t>(size);
  const std::size_t there = content.copy(static_cast<char*>(to), wanted, from);
  std::memset(static_cast<char*>(to) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* base, const void* from, int size, sqlite3_int64 offset) {
  OpenFile& file = FileOf(base);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
  return CodeOf(file.disk->Write(*file.inode, static_cast<std::size_t>(offset), bytes),
                SQLITE_IOERR_WRITE);
}

int Truncate(sqlite3_file* base, sqlite3_int64 size) {
  OpenFile& file = FileOf(base);
  return CodeOf(file.disk->Truncate(*file.inode, static_cast<std::size_t>(size)),
                SQLITE_IOERR_TRUNCATE);
}

int Sync(sqlite3_file* base, int /*flags*/) {
  OpenFile& file = FileOf(base);
  const IoStatus status = file.disk->Sync(*file.inode, file.next_sync);
  if (status == IoStatus::Ok) file.next_sync = SyncScope::File;
  return CodeOf(status, SQLITE_IOERR_FSYNC);
}

int FileSize(sqlite3_file* base, sqlite3_int64* size) {
  const OpenFile& file = FileOf(base);
  if (file.disk->dead()) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(file.inode->content.seen().size());
  return SQLITE_OK;
}

int Lock(sqlite3_file* base, int level) {
  OpenFile& file = FileOf(base);
  return file.inode->locks.Raise(&file, level) ? SQLITE_OK : SQLITE_BUSY;
}

int Unlock(sqlite3_file* base, int level) {
  OpenFile& file = FileOf(base);
  file.inode->locks.Lower(&file, level);
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* base, int* reserved) {
  *reserved = FileOf(base).inode->locks.IsReserved() ? 1 : 0;
  return SQLITE_OK;
}

int FileControl(sqlite3_file* /*base*/, int /*operation*/, void* /*argument*/) {
  return SQLITE_NOTFOUND;
}

int SectorSize(sqlite3_file* /*base*/) {
  return 4096;
}

int DeviceCharacteristics(sqlite3_file* /*base*/) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* base, int region, int size, int make, void volatile** memory) {
  OpenFile& file = FileOf(base);
  SharedMemory& shared = file.inode->memory;
  shared.Join(&file);
  const auto number = static_cast<std::size_t>(region);
  *memory =
      make != 0 ? shared.FindOrMake(number, static_cast<std::size_t>(size)) : shared.Find(number);
  return SQLITE_OK;
}

int ShmLock(sqlite3_file* base, int first, int count, int flags) {
  OpenFile& file = FileOf(base);
  SharedMemory& shared = file.inode->memory;
  const auto slots = static_cast<std::uint8_t>(((1u << count) - 1u) << first);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    shared.Unlock(&file, slots);
    return SQLITE_OK;
  }
  const bool locked = (flags & SQLITE_SHM_SHARED) != 0 ? shared.LockShared(&file, slots)
                                                       : shared.LockExclusive(&file, slots);
  return locked ? SQLITE_OK : SQLITE_BUSY;
}

void ShmBarrier(sqlite3_file* /*base*/) {}

int ShmUnmap(sqlite3_file* base, int /*remove*/) {
  OpenFile& file = FileOf(base);
  file.inode->memory.Leave(&file);
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods{2,
                                      Close,
                                      Read,
                                      Write,
                                      Truncate,
                                      Sync,
                                      FileSize,
                                      Lock,
                                      Unlock,
                                      CheckReservedLock,
                                      FileControl,
                                      SectorSize,
                                      DeviceCharacteristics,
                                      ShmMap,
                                      ShmLock,
                                      ShmBarrier,
                                      ShmUnmap,
                                      nullptr,
                                      nullptr};

}  // namespace

int SizeOfOpenFile() {
  return sizeof(Slot);
}

void OpenAs(sqlite3_file* base, std::shared_ptr<ForgetfulDisk> disk, std::shared_ptr<Inode> inode,
            SyncScope first_sync) {
  reinterpret_cast<Slot*>(base)->file = new OpenFile{std::move(disk), std::move(inode), first_sync};
  base->pMethods = &kMethods;
}

}  // namespace relay::test
