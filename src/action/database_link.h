// A connection to one database, whichever it is, that outlives tries. Values are always bound,
// never part of a statement's text.
//
// Belongs to one thread at a time. Each call ends when its patience does, as far as the driver
// allows; after a failure that says so the connection is gone, and connected() tells. What was not
// committed before a crash or the loss of the connection is undone by the database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "action/sql_failure.h"
#include "action/sql_statement.h"
#include "base/result.h"
#include "config/database_config.h"

namespace relay {

// Whose words a table is made with.
enum class SqlDialect { PostgreSql, MySql, Sqlite, SqlServer };

// Absent: as the address says.
struct Login {
  std::optional<std::string> username;
  std::optional<std::string> password;
};

// How many rows a statement changed or found.
using SqlCount = std::variant<std::int64_t, SqlFailure>;

class DatabaseLink {
 public:
  virtual ~DatabaseLink() = default;

  // Where a value goes in the text of a statement.
  virtual Placeholder placeholder() const = 0;
  // Absent where it is not known, or not before it is connected.
  virtual std::optional<SqlDialect> dialect() const = 0;

  // As far as is known without asking.
  virtual bool connected() const = 0;
  virtual SqlResult Connect(const Login& login, const Patience& patience) = 0;

  virtual SqlResult Begin(const Patience& patience) = 0;
  // Alone, or as a part of the transaction that was begun.
  virtual SqlCount Execute(const SqlStatement& statement, const Patience& patience) = 0;
  virtual SqlResult Commit(const Patience& patience) = 0;
  // Where that fails the connection is given up, which undoes it, too.
  virtual void Rollback(const Patience& patience) = 0;
};

// Connects to nothing yet. BadInput where the driver cannot read the address.
Result<std::unique_ptr<DatabaseLink>> MakeDatabaseLink(const DatabaseAddress& address);

}  // namespace relay
