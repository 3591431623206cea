// A SQLite database that an operator names, by libsqlite3. The relay's own store is in another
// layer.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "action/database_link.h"

struct sqlite3;
struct sqlite3_stmt;

namespace relay {

class SqliteLink : public DatabaseLink {
 public:
  // The file is made where it is missing, its folder is not.
  explicit SqliteLink(SqliteAddress address) : path_(std::move(address.path)) {}

  Placeholder placeholder() const override { return Placeholder::Question; }
  std::optional<SqlDialect> dialect() const override { return SqlDialect::Sqlite; }
  // False where another file is at its path by now.
  bool connected() const override;
  SqlResult Connect(const Login& login, const Patience& patience) override;
  SqlResult Begin(const Patience& patience) override;
  SqlCount Execute(const SqlStatement& statement, const Patience& patience) override;
  SqlResult Commit(const Patience& patience) override;
  void Rollback(const Patience& patience) override;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  SqlResult Command(const char* text, const Patience& patience);
  SqlCount Step(sqlite3_stmt* statement, const Patience& patience);
  SqlFailure Failed(int code, const Patience& patience) const;

  const std::string path_;
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace relay
