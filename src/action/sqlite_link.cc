#include "action/sqlite_link.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string_view>
#include <thread>

#include "base/text.h"

namespace relay {
namespace {

SqlTrouble TroubleOfCode(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_SCHEMA:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SqlTrouble::Unable;
    default:
      return SqlTrouble::Wrong;
  }
}

int WaitForLock(void* patience, int) {
  if (static_cast<const Patience*>(patience)->over()) return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return 1;
}

int LookForEnd(void* patience) {
  return static_cast<const Patience*>(patience)->over() ? 1 : 0;
}

// While it lives, what runs on the connection ends with this patience.
class Within {
 public:
  Within(sqlite3* connection, const Patience& patience) : connection_(connection) {
    constexpr int kStepsBetween = 10'000;
    auto* argument = const_cast<Patience*>(&patience);
    sqlite3_busy_handler(connection_, WaitForLock, argument);
    sqlite3_progress_handler(connection_, kStepsBetween, LookForEnd, argument);
  }
  ~Within() {
    sqlite3_busy_handler(connection_, nullptr, nullptr);
    sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
  }
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;

 private:
  sqlite3* connection_;
};

int Bind(sqlite3_stmt* statement, int place, const Json& value) {
  if (value.is_null()) return sqlite3_bind_null(statement, place);
  if (value.is_boolean()) return sqlite3_bind_int(statement, place, int{value.get<bool>()});
  if (value.is_number_float()) return sqlite3_bind_double(statement, place, value.get<double>());
  if (value.is_number()) return sqlite3_bind_int64(statement, place, value.get<std::int64_t>());
  const auto& text = value.get_ref<const std::string&>();
  return sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8);
}

}  // namespace

void SqliteLink::Close::operator()(sqlite3* connection) const {
  sqlite3_close(connection);
}
void SqliteLink::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

bool SqliteLink::connected() const {
  if (connection_ == nullptr) return false;
  int moved = 0;
  sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved == 0;
}

SqlResult SqliteLink::Connect(const Login&, const Patience& patience) {
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &connection, kFlags, nullptr);
  connection_.reset(connection);
  if (connection != nullptr) sqlite3_extended_result_codes(connection, 1);
  SqlResult failed;
  if (code != SQLITE_OK) {
    failed = Failed(code, patience);
  } else {
    failed = Command("PRAGMA synchronous = FULL", patience);
  }
  if (failed) connection_.reset();
  return failed;
}

SqlResult SqliteLink::Begin(const Patience& patience) {
  return Command("BEGIN IMMEDIATE", patience);
}

SqlResult SqliteLink::Commit(const Patience& patience) {
  return Command("COMMIT", patience);
}

void SqliteLink::Rollback(const Patience&) {
  // The time may be up, and this waits for nobody.
  if (sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) {
    connection_.reset();
  }
}

SqlResult SqliteLink::Command(const char* text, const Patience& patience) {
  const Within within(connection_.get(), patience);
  const int code = sqlite3_exec(connection_.get(), text, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failed(code, patience);
  return std::nullopt;
}

SqlCount SqliteLink::Execute(const SqlStatement& statement, const Patience& patience) {
  const Within within(connection_.get(), patience);
  const std::string sql = statement.Text(placeholder());
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  int code = sqlite3_prepare_v2(connection_.get(), sql.c_str(), static_cast<int>(sql.size()),
                                &handle, &rest);
  const std::unique_ptr<sqlite3_stmt, Finalize> owner(handle);
  if (code != SQLITE_OK) return Failed(code, patience);
  if (sqlite3_bind_parameter_count(handle) != static_cast<int>(statement.values().size())) {
    return SqlFailure{SqlTrouble::Wrong, "not as many placeholders as values"};
  }
  int place = 0;
  for (const Json& value : statement.values()) {
    code = Bind(handle, ++place, value);
    if (code != SQLITE_OK) return Failed(code, patience);
  }
  return Step(handle, patience);
}

SqlCount SqliteLink::Step(sqlite3_stmt* statement, const Patience& patience) {
  std::int64_t rows = 0;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) ++rows;
  if (code != SQLITE_DONE) return Failed(code, patience);
  return sqlite3_column_count(statement) > 0 ? rows : sqlite3_changes64(connection_.get());
}

SqlFailure SqliteLink::Failed(int code, const Patience& patience) const {
  const bool cut = code == SQLITE_INTERRUPT || (code & 0xff) == SQLITE_BUSY;
  if (cut && patience.stopped()) return OutOf(patience);
  if (code == SQLITE_INTERRUPT) return OutOf(patience);
  return {TroubleOfCode(code), fmt::format("SQLite code {}", code),
          connection_ == nullptr ? "" : sqlite3_errmsg(connection_.get())};
}

}  // namespace relay
