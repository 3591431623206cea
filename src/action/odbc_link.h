// Whatever has an ODBC driver, by unixODBC. The only place that includes <sql.h>.
//
// A call ends when the driver keeps to the time-outs it is given. It cannot be ended sooner, so a
// program that stops waits for it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "action/database_link.h"

namespace relay {

class OdbcLink : public DatabaseLink {
 public:
  explicit OdbcLink(OdbcAddress address);
  ~OdbcLink() override;

  Placeholder placeholder() const override { return Placeholder::Question; }
  std::optional<SqlDialect> dialect() const override { return dialect_; }
  bool connected() const override { return session_ != nullptr; }
  SqlResult Connect(const Login& login, const Patience& patience) override;
  SqlResult Begin(const Patience& patience) override;
  SqlCount Execute(const SqlStatement& statement, const Patience& patience) override;
  SqlResult Commit(const Patience& patience) override;
  void Rollback(const Patience& patience) override;

 private:
  class Session;
  class Query;

  void LoseIfLost(const SqlFailure& failure);

  const OdbcAddress address_;
  std::unique_ptr<Session> session_;
  std::optional<SqlDialect> dialect_;
};

}  // namespace relay
