#include "action/database_link.h"

#include "action/mysql_link.h"
#include "action/odbc_link.h"
#include "action/postgresql_link.h"
#include "action/sqlite_link.h"

namespace relay {
namespace {

struct LinkMaker {
  using Made = Result<std::unique_ptr<DatabaseLink>>;

  Made operator()(const PostgreSqlAddress& address) { return PostgreSqlLink::Make(address); }
  Made operator()(const MySqlAddress& address) {
    return std::unique_ptr<DatabaseLink>(std::make_unique<MySqlLink>(address));
  }
  Made operator()(const SqliteAddress& address) {
    return std::unique_ptr<DatabaseLink>(std::make_unique<SqliteLink>(address));
  }
  Made operator()(const OdbcAddress& address) {
    return std::unique_ptr<DatabaseLink>(std::make_unique<OdbcLink>(address));
  }
};

}  // namespace

Result<std::unique_ptr<DatabaseLink>> MakeDatabaseLink(const DatabaseAddress& address) {
  return std::visit(LinkMaker{}, address);
}

}  // namespace relay
