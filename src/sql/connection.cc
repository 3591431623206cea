#include "sql/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <time.h>

#include <chrono>
#include <cstring>
#include <random>
#include <unordered_map>
#include <utility>

#include "sql/write_queue.h"

namespace relay::sql {
namespace {

ErrorKind KindOf(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorKind::Temporary;
    default:
      return ErrorKind::Permanent;
  }
}

// What the kernel said when it last refused a read, write or sync of these files; 0 where it never
// did.
int LastErrno(sqlite3* handle) {
  sqlite3_file* log = nullptr;
  int number = 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != nullptr && log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  }
  if (number == 0) sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

std::string Cause(sqlite3* handle, int code) {
  const int number = (code & 0xff) == SQLITE_IOERR ? LastErrno(handle) : 0;
  return number == 0 ? "" : std::string(": ") + std::strerror(number);
}

// sqlite3_errmsg() of a failed constraint names columns, never values.
Error ErrorOf(sqlite3* handle, int code) {
  const std::string message = sqlite3_errmsg(handle);
  const int extended = sqlite3_extended_errcode(handle);
  return {KindOf(code),
          fmt::format("{}{} (SQLite code {})", message, Cause(handle, code), extended)};
}

// SQLite's own busy_timeout backs off to 100 ms and starves whoever came first. Short random waits
// keep the worst case of eight writing processes below 100 ms, measured.
class BusyHandler {
 public:
  static int Wait(void* self, int calls) {
    return static_cast<BusyHandler*>(self)->WaitOnce(calls);
  }

 private:
  int WaitOnce(int calls) {
    const auto now = std::chrono::steady_clock::now();
    if (calls == 0) give_up_ = now + std::chrono::seconds(10);
    if (now > give_up_) return 0;
    const timespec pause{0, std::uniform_int_distribution<long>(300'000, 700'000)(random_)};
    nanosleep(&pause, nullptr);
    return 1;
  }

  std::minstd_rand random_{std::random_device{}()};
  std::chrono::steady_clock::time_point give_up_;
};

// A process that was killed between writing and syncing leaves commits that are seen from now on,
// but that a power cut would undo. Nobody may build on them before they are synced.
int SyncWhatIsSeen(sqlite3* handle) {
  sqlite3_file* log = nullptr;
  const int code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (code != SQLITE_OK || log == nullptr || log->pMethods == nullptr) return code;
  sqlite3_int64 size = 0;
  const int sized = log->pMethods->xFileSize(log, &size);
  if (sized != SQLITE_OK || size == 0) return sized;
  return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
}

struct CloseHandle {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};

}  // namespace

struct Connection::State {
  explicit State(WriteQueue writers) : queue(std::move(writers)) {}
  WriteQueue queue;
  BusyHandler busy;
  std::chrono::microseconds last_commit{};
  std::unique_ptr<sqlite3, CloseHandle> handle;
  std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, FinalizeStatement>> statements;
};

Statement::Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Statement::~Statement() {
  if (handle_ == nullptr) return;
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(sqlite3_db_handle(handle_), code);
}

std::int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(handle_, column);
}

std::string Statement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return bytes == nullptr
             ? std::string()
             : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

void Statement::Bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(handle_, parameter, value);
}

void Statement::Bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(handle_, parameter, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::Bind(int parameter, Blob blob) {
  sqlite3_bind_blob64(handle_, parameter, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                      blob.bytes.size(), SQLITE_STATIC);
}

void Statement::Bind(int parameter, std::nullopt_t) {
  sqlite3_bind_null(handle_, parameter);
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::Open(const std::string& path, OpenMode mode) {
  auto state = std::make_unique<State>(WriteQueue(mode == OpenMode::ReadOnly ? "" : path));
  const int flags = mode == OpenMode::ReadOnly ? SQLITE_OPEN_READONLY
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  state->handle.reset(handle);
  if (code != SQLITE_OK) return ErrorOf(handle, code).Context("open " + path);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_handler(handle, &BusyHandler::Wait, &state->busy);
  Connection connection(std::move(state));
  // What is deleted is overwritten, as it is anyway where Debian built SQLite:
  // https://www.sqlite.org/pragma.html#pragma_secure_delete
  // Rows of posts, packed, are 2 to 4 KB. The size of pages holds for files that are made.
  const std::string pragmas =
      "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      // The pages that a savepoint copies need no file.
      "PRAGMA temp_store=MEMORY;";
  auto set = connection.ExecuteScript(
      mode == OpenMode::ReadOnly ? "PRAGMA query_only=ON;"
                                 : "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;" + pragmas);
  if (!set) return set.error().Context("open " + path);
  if (mode == OpenMode::ReadWrite) {
    const int synced = SyncWhatIsSeen(handle);
    if (synced != SQLITE_OK) {
      return Error{KindOf(synced),
                   fmt::format("open {}: sync what is there: {}", path, sqlite3_errstr(synced))};
    }
  }
  return connection;
}

Result<Statement> Connection::Prepare(std::string_view text) {
  auto& slot = state_->statements[std::string(text)];
  if (slot == nullptr) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        sqlite3_prepare_v3(state_->handle.get(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) return ErrorOf(state_->handle.get(), code);
    slot.reset(handle);
  }
  return Statement(slot.get());
}

Result<void> Connection::ExecuteScript(const std::string& script) {
  const int code = sqlite3_exec(state_->handle.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return ErrorOf(state_->handle.get(), code);
  return {};
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(state_->handle.get());
}
bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(state_->handle.get()) == 0;
}
std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(state_->handle.get());
}

std::chrono::microseconds Connection::last_commit() const {
  return state_->last_commit;
}

void Connection::EnterQueue() {
  state_->queue.Enter();
}
void Connection::LeaveQueue() {
  state_->queue.Leave();
}

Result<Transaction> Transaction::Begin(Connection& connection) {
  if (connection.in_transaction()) {
    auto begun = connection.Execute("SAVEPOINT part");
    if (!begun) return begun.error();
    return Transaction(connection, Extent::Part);
  }
  connection.EnterQueue();
  auto begun = connection.Execute("BEGIN IMMEDIATE");
  if (!begun) {
    connection.LeaveQueue();
    return begun.error().Context("begin a transaction");
  }
  return Transaction(connection, Extent::Whole);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), extent_(other.extent_) {}

// An error here means that SQLite has rolled back by itself already.
Transaction::~Transaction() {
  if (connection_ == nullptr) return;
  switch (extent_) {
    case Extent::Whole:
      static_cast<void>(connection_->Execute("ROLLBACK").ok());
      connection_->LeaveQueue();
      break;
    case Extent::Part:
      static_cast<void>(connection_->Execute("ROLLBACK TO part").ok());
      static_cast<void>(connection_->Execute("RELEASE part").ok());
      break;
  }
}

Result<void> Transaction::Commit() {
  const bool whole = extent_ == Extent::Whole;
  const auto began = std::chrono::steady_clock::now();
  auto committed = connection_->Execute(whole ? "COMMIT" : "RELEASE part");
  if (!committed) return committed.error().Context("commit");
  if (whole) {
    connection_->LeaveQueue();
    connection_->state_->last_commit = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
  }
  connection_ = nullptr;
  return {};
}

bool Transaction::is_open() const {
  return connection_ != nullptr && connection_->in_transaction();
}

}  // namespace relay::sql
