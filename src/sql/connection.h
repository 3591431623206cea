// SQLite, wrapped: connections, statements, transactions. The only layer that includes <sqlite3.h>.
//
// A Connection and all that comes from it belong to one thread at a time. What is committed is
// synced: journal_mode=WAL with synchronous=FULL
// (https://www.sqlite.org/pragma.html#pragma_synchronous), so it survives a crash of the machine
// when Commit() has returned.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace relay::sql {

// Bytes that are bound as a BLOB; the view must outlive the statement's run.
struct Blob {
  std::string_view bytes;
};

// A prepared statement with its values bound. Goes back to the connection's cache when it dies, so
// it must not outlive the connection.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // True where a row is there to be read, false at the end.
  Result<bool> Step();

  // Of the current row; columns count from 0. NULL reads as 0 or "".
  std::int64_t Int(int column) const;
  std::string Text(int column) const;  // of TEXT and BLOB alike
  bool IsNull(int column) const;

  // Parameters count from 1. Text is copied, blobs are not.
  void Bind(int parameter, std::int64_t value);
  void Bind(int parameter, int value) { Bind(parameter, std::int64_t{value}); }
  void Bind(int parameter, std::string_view text);
  void Bind(int parameter, const std::string& text) { Bind(parameter, std::string_view(text)); }
  void Bind(int parameter, const char* text) { Bind(parameter, std::string_view(text)); }
  void Bind(int parameter, Blob blob);
  void Bind(int parameter, std::nullopt_t);
  template <class T>
  void Bind(int parameter, const std::optional<T>& value) {
    value ? Bind(parameter, *value) : Bind(parameter, std::nullopt);
  }
  template <class T>
  void Bind(int parameter, const T* pointer) = delete;

 private:
  friend class Connection;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  sqlite3_stmt* handle_;
};

enum class OpenMode {
  ReadOnly,   // the file must be there; nothing is changed
  ReadWrite,  // created where it is missing
};

class Connection {
 public:
  // Temporary where the file cannot be opened or is locked for long, Corrupt where it is no
  // database.
  static Result<Connection> Open(const std::string& path, OpenMode mode);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // `text` is one statement; statements are prepared once and kept.
  template <class... Values>
  Result<Statement> Query(std::string_view text, const Values&... values) {
    auto statement = Prepare(text);
    if (!statement) return statement;
    int parameter = 0;
    (statement->Bind(++parameter, values), ...);
    return statement;
  }

  // Runs a statement whose rows nobody wants.
  template <class... Values>
  Result<void> Execute(std::string_view text, const Values&... values) {
    auto statement = Query(text, values...);
    if (!statement) return statement.error();
    auto row = statement->Step();
    while (row && *row) row = statement->Step();
    if (!row) return row.error();
    return {};
  }

  // Runs several statements, separated by ";": schema changes.
  Result<void> ExecuteScript(const std::string& script);

  std::int64_t changes() const;  // rows changed by the last statement
  std::int64_t last_insert_id() const;
  bool in_transaction() const;
  std::chrono::microseconds last_commit() const;  // how long it took, with its sync

 private:
  friend class Transaction;
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  void EnterQueue();
  void LeaveQueue();
  Result<Statement> Prepare(std::string_view text);
  std::unique_ptr<State> state_;
};

// Begins at once as a writer (BEGIN IMMEDIATE), when it is its turn among all writers: a
// transaction that reads first and writes later would fail with SQLITE_BUSY_SNAPSHOT whenever
// another process wrote in between.
//
// One that begins while another is open on the connection is a part of it: it can be undone by
// itself, and what it keeps is synced when the whole is. They end in the reverse order of their
// beginning.
class Transaction {
 public:
  static Result<Transaction> Begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();  // rolls back unless committed

  // When it returns ok, everything in the transaction is synced. Otherwise nothing of it is kept.
  Result<void> Commit();

  // False after SQLite has rolled it back by itself, as it does where the disk fails. Whatever is
  // executed then is committed alone.
  bool is_open() const;

 private:
  enum class Extent { Whole, Part };
  Transaction(Connection& connection, Extent extent) : connection_(&connection), extent_(extent) {}
  Connection* connection_;
  Extent extent_;
};

}  // namespace relay::sql
