// MySQL and MariaDB, by libmariadb. The only place that includes <mysql.h>.
//
// Sessions are in UTF-8 of four bytes, in UTC, strict (nothing is cut in silence) and read what is
// committed: with MySQL's own isolation, workers that look for rows which are not there yet lock
// each other out.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "action/database_link.h"

struct st_mysql;

namespace relay {

class MySqlLink : public DatabaseLink {
 public:
  explicit MySqlLink(MySqlAddress address);
  ~MySqlLink() override;

  Placeholder placeholder() const override { return Placeholder::Question; }
  std::optional<SqlDialect> dialect() const override { return SqlDialect::MySql; }
  bool connected() const override { return connection_ != nullptr; }
  SqlResult Connect(const Login& login, const Patience& patience) override;
  SqlResult Begin(const Patience& patience) override;
  SqlCount Execute(const SqlStatement& statement, const Patience& patience) override;
  SqlResult Commit(const Patience& patience) override;
  void Rollback(const Patience& patience) override;

 private:
  class Prepared;
  struct Close {
    void operator()(st_mysql* connection) const;
  };

  SqlResult Open(const Login& login, const Patience& patience);
  SqlResult Command(const std::string& text, const Patience& patience);
  SqlFailure GiveUp(const Patience& patience);
  SqlFailure Failed();

  const MySqlAddress address_;
  std::unique_ptr<st_mysql, Close> connection_;
};

}  // namespace relay
