// PostgreSQL, by libpq. The only place that includes <libpq-fe.h>.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "action/database_link.h"

struct pg_conn;

namespace relay {

class PostgreSqlLink : public DatabaseLink {
 public:
  static Result<std::unique_ptr<DatabaseLink>> Make(const PostgreSqlAddress& address);

  Placeholder placeholder() const override { return Placeholder::Numbered; }
  std::optional<SqlDialect> dialect() const override { return SqlDialect::PostgreSql; }
  bool connected() const override;
  SqlResult Connect(const Login& login, const Patience& patience) override;
  SqlResult Begin(const Patience& patience) override;
  SqlCount Execute(const SqlStatement& statement, const Patience& patience) override;
  SqlResult Commit(const Patience& patience) override;
  void Rollback(const Patience& patience) override;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };

  explicit PostgreSqlLink(std::string url) : url_(std::move(url)) {}
  SqlResult WaitUntilConnected(const Patience& patience);
  SqlFailure ConnectFailure() const;
  SqlResult Command(const std::string& text, const Patience& patience);
  SqlCount Collect(const Patience& patience);
  SqlResult Flush(const Patience& patience);
  SqlResult WaitForResult(const Patience& patience);
  SqlFailure Lose();
  SqlFailure GiveUp(const Patience& patience);

  const std::string url_;
  std::unique_ptr<pg_conn, Finish> connection_;
};

}  // namespace relay
