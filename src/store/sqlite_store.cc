#include "store/sqlite_store.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "store/schema.h"

namespace relay {

Result<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path,
                                                       sql::OpenMode mode) {
  if (mode == sql::OpenMode::ReadWrite && path != ":memory:") MakePrivateFile(path);
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

Result<std::unique_ptr<SqliteStore>> SqliteStore::OpenOrReplace(const std::string& path) {
  auto store = Open(path, sql::OpenMode::ReadWrite);
  if (store || store.error().kind != ErrorKind::Corrupt) return store;
  const auto still_damaged = [&] {
    store = Open(path, sql::OpenMode::ReadWrite);
    return !store && store.error().kind == ErrorKind::Corrupt;
  };
  const auto aside = SetAside(path, still_damaged);
  if (!aside) return aside.error();
  if (aside->empty()) return store;
  const std::string reason = store.error().message;
  store = Open(path, sql::OpenMode::ReadWrite);
  if (store) {
    (*store)->log_.Error("the store was damaged (" + reason + ") and is now " + *aside +
                         "; a new one was made in its place. What the old one holds may be read "
                         "with: sqlite3 " +
                         *aside + " .recover");
  }
  return store;
}

Result<void> SqliteStore::EnsurePresent() {
  if (connection_.in_transaction() || CheckPresent()) return {};
  auto opened = OpenAnew();
  if (opened) {
    log_.Error("the store was no longer at " + path_ + "; what is there now is used instead");
  }
  return opened;
}

Result<void> SqliteStore::Together(const std::function<Result<void>()>& work) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  auto done = work();
  if (!done) return done;
  if (!transaction->is_open()) {
    return Error{ErrorKind::Temporary, "the transaction was rolled back by the database"};
  }
  auto committed = transaction->Commit();
  if (committed) committed = CheckPresent();
  return committed;
}

Result<sql::Transaction> SqliteStore::BeginWrite() {
  auto present = EnsurePresent();
  if (!present) return present.error();
  return sql::Transaction::Begin(connection_);
}

Result<void> SqliteStore::CheckPresent() const {
  if (!identity_ || IdentityOf(path_) == identity_) return {};
  return Error{ErrorKind::Temporary, "the store is no longer at " + path_};
}

Result<void> SqliteStore::OpenAnew() {
  auto next = OpenOrReplace(path_);
  if (!next) return next.error();
  std::swap(connection_, (*next)->connection_);
  std::swap(identity_, (*next)->identity_);
  std::swap(store_id_, (*next)->store_id_);
  return {};
}

Result<void> SqliteStore::Replace() {
  const auto aside = SetAside(path_, [this] { return CheckPresent().ok(); });
  if (!aside) return aside.error();
  if (!aside->empty()) {
    log_.Error("the store is damaged; it was set aside as " + *aside);
  }
  return OpenAnew();
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
