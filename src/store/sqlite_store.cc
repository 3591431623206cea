#include "store/sqlite_store.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "store/schema.h"

namespace relay {

Result<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path,
                                                       sql::OpenMode mode) {
  auto connection = sql::Connection::Open(path, mode);
  if (!connection) return connection.error();
  auto ready =
      mode == sql::OpenMode::ReadWrite ? MigrateSchema(*connection) : CheckSchema(*connection);
  if (!ready) return ready.error().Context("open store " + path);
  std::unique_ptr<SqliteStore> store(new SqliteStore(path, std::move(*connection)));
  auto query = store->connection_.Query("SELECT id FROM store");
  if (!query) return query.error().Context("open store " + path);
  auto row = query->Step();
  if (!row) return row.error().Context("open store " + path);
  if (!*row) return Error{ErrorKind::Corrupt, "open store " + path + ": it has no identity"};
  store->store_id_ = query->Text(0);
  return store;
}

Result<std::uint64_t> SqliteStore::FreeBytes() const {
  const auto folder = std::filesystem::path(path_).parent_path();
  struct statvfs space {};
  if (statvfs(folder.empty() ? "." : folder.c_str(), &space) != 0) {
    return Error{ErrorKind::Temporary, "ask for free space: " + std::string(std::strerror(errno))};
  }
  return std::uint64_t{space.f_bavail} * space.f_frsize;
}

}  // namespace relay
