#include "action/odbc_link.h"

#include <fmt/format.h>
#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "action/odbc_text.h"

namespace relay {
namespace {

// A value longer than this is of a type of its own for some drivers.
constexpr std::size_t kLongestPlain = 4000;

SQLWCHAR* Characters(std::u16string& text) {
  static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));
  return reinterpret_cast<SQLWCHAR*>(text.data());
}

SqlFailure FailureOf(SQLSMALLINT type, SQLHANDLE handle) {
  // In UTF-16: the other call speaks the charset of the locale.
  SQLWCHAR state[6] = {};
  SQLWCHAR words[1024] = {};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  if (!SQL_SUCCEEDED(
          SQLGetDiagRecW(type, handle, 1, state, &native, words, std::size(words), &length))) {
    return {SqlTrouble::Lost, "the driver does not say why"};
  }
  const auto text = [](const SQLWCHAR* units) {
    return TextOfOdbc(reinterpret_cast<const char16_t*>(units));
  };
  const std::string sqlstate = text(state);
  return {TroubleOf(sqlstate), fmt::format("SQLSTATE {} (error {})", sqlstate, native),
          text(words)};
}

SQLULEN OdbcSeconds(const Patience& patience) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(patience.left()).count();
  return static_cast<SQLULEN>(std::max<std::chrono::seconds::rep>(seconds, 1));
}

SQLPOINTER AsPointer(SQLULEN number) {
  return reinterpret_cast<SQLPOINTER>(number);  // NOLINT: ODBC passes numbers so
}

std::optional<SqlDialect> DialectOf(std::string_view name) {
  if (name == "PostgreSQL") return SqlDialect::PostgreSql;
  if (name == "MySQL" || name == "MariaDB") return SqlDialect::MySql;
  if (name.starts_with("SQLite")) return SqlDialect::Sqlite;
  if (name == "Microsoft SQL Server") return SqlDialect::SqlServer;
  return std::nullopt;
}

}  // namespace

// An environment and a connection of it.
class OdbcLink::Session {
 public:
  Session() {
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
    SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, AsPointer(SQL_OV_ODBC3), 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_);
  }
  ~Session() {
    if (connected_) {
      SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK);
      SQLDisconnect(connection_);
    }
    SQLFreeHandle(SQL_HANDLE_DBC, connection_);
    SQLFreeHandle(SQL_HANDLE_ENV, environment_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SqlResult Connect(const std::string& connection, const Patience& patience) {
    const SQLPOINTER seconds = AsPointer(OdbcSeconds(patience));
    SQLSetConnectAttr(connection_, SQL_ATTR_LOGIN_TIMEOUT, seconds, 0);
    SQLSetConnectAttr(connection_, SQL_ATTR_CONNECTION_TIMEOUT, seconds, 0);
    std::u16string text = OdbcText(connection);
    SQLSMALLINT length = 0;
    const auto code = SQLDriverConnectW(connection_, nullptr, Characters(text),
                                        static_cast<SQLSMALLINT>(text.size()), nullptr, 0, &length,
                                        SQL_DRIVER_NOPROMPT);
    if (!SQL_SUCCEEDED(code)) return Failed();
    connected_ = true;
    return std::nullopt;
  }

  std::string ProductName() {
    SQLCHAR name[128] = {};
    SQLSMALLINT length = 0;
    SQLGetInfo(connection_, SQL_DBMS_NAME, name, sizeof name, &length);
    return reinterpret_cast<char*>(name);
  }

  bool is_dead() {
    SQLUINTEGER dead = SQL_CD_FALSE;
    SQLGetConnectAttr(connection_, SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr);
    return dead == SQL_CD_TRUE;
  }

  // Outside of transactions each statement is one by itself.
  SqlResult CommitEach(SQLULEN mode) {
    const auto code = SQLSetConnectAttr(connection_, SQL_ATTR_AUTOCOMMIT, AsPointer(mode), 0);
    if (!SQL_SUCCEEDED(code)) return Failed();
    return std::nullopt;
  }

  SqlResult End(SQLSMALLINT how) {
    if (!SQL_SUCCEEDED(SQLEndTran(SQL_HANDLE_DBC, connection_, how))) return Failed();
    return CommitEach(SQL_AUTOCOMMIT_ON);
  }

  SQLHDBC handle() const { return connection_; }

 private:
  SqlFailure Failed() { return FailureOf(SQL_HANDLE_DBC, connection_); }

  SQLHENV environment_ = SQL_NULL_HANDLE;
  SQLHDBC connection_ = SQL_NULL_HANDLE;
  bool connected_ = false;
};

// A statement on its way, with the memory that its values are bound to.
class OdbcLink::Query {
 public:
  explicit Query(SQLHDBC connection) { SQLAllocHandle(SQL_HANDLE_STMT, connection, &handle_); }
  ~Query() {
    // psqlODBC 13 leaks what it holds of a statement that has failed, unless it is closed first.
    SQLFreeStmt(handle_, SQL_CLOSE);
    SQLFreeHandle(SQL_HANDLE_STMT, handle_);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  SqlCount Run(const SqlStatement& statement, const Patience& patience) {
    SQLSetStmtAttr(handle_, SQL_ATTR_QUERY_TIMEOUT, AsPointer(OdbcSeconds(patience)), 0);
    std::u16string sql = OdbcText(statement.Text(Placeholder::Question));
    if (!Succeeded(SQLPrepareW(handle_, Characters(sql), static_cast<SQLINTEGER>(sql.size())))) {
      return Failed();
    }
    bound_.resize(statement.values().size());
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      const auto number = static_cast<SQLUSMALLINT>(i + 1);
      if (!Succeeded(Bind(number, statement.values()[i], bound_[i]))) return Failed();
    }
    const SQLRETURN code = SQLExecute(handle_);
    if (code != SQL_NO_DATA && !Succeeded(code)) return Failed();
    return Collect();
  }

 private:
  struct Bound {
    SQLBIGINT integer = 0;
    double number = 0;
    unsigned char boolean = 0;
    std::u16string text = {};
    SQLLEN length = 0;
  };

  static bool Succeeded(SQLRETURN code) { return SQL_SUCCEEDED(code); }
  SqlFailure Failed() { return FailureOf(SQL_HANDLE_STMT, handle_); }

  SQLRETURN Bind(SQLUSMALLINT place, const Json& value, Bound& bound) {
    const auto bind = [&](SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN size, SQLPOINTER at) {
      return SQLBindParameter(handle_, place, SQL_PARAM_INPUT, c_type, sql_type, size, 0, at, 0,
                              &bound.length);
    };
    if (value.is_null()) {
      bound.length = SQL_NULL_DATA;
      return bind(SQL_C_WCHAR, SQL_WVARCHAR, 1, nullptr);
    }
    if (value.is_boolean()) {
      bound.boolean = value.get<bool>() ? 1 : 0;
      return bind(SQL_C_BIT, SQL_BIT, 1, &bound.boolean);
    }
    if (value.is_number_float()) {
      bound.number = value.get<double>();
      return bind(SQL_C_DOUBLE, SQL_DOUBLE, 15, &bound.number);
    }
    if (value.is_number()) {
      bound.integer = value.get<std::int64_t>();
      return bind(SQL_C_SBIGINT, SQL_BIGINT, 19, &bound.integer);
    }
    bound.text = OdbcText(value.get_ref<const std::string&>());
    bound.length = static_cast<SQLLEN>(bound.text.size() * sizeof(SQLWCHAR));
    const SQLSMALLINT type = bound.text.size() > kLongestPlain ? SQL_WLONGVARCHAR : SQL_WVARCHAR;
    return bind(SQL_C_WCHAR, type, std::max<std::size_t>(bound.text.size(), 1),
                Characters(bound.text));
  }

  // All results, since a server may report a failure behind the first; the count is the first's.
  SqlCount Collect() {
    std::optional<std::int64_t> count;
    for (;;) {
      const auto one = CountOne();
      if (!one) return Failed();
      if (!count) count = *one;
      const SQLRETURN code = SQLMoreResults(handle_);
      if (code == SQL_NO_DATA) return *count;
      if (!Succeeded(code)) return Failed();
    }
  }

  std::optional<std::int64_t> CountOne() {
    SQLSMALLINT columns = 0;
    if (!Succeeded(SQLNumResultCols(handle_, &columns))) return std::nullopt;
    if (columns > 0) return CountRows();
    SQLLEN changed = 0;
    if (!Succeeded(SQLRowCount(handle_, &changed))) return std::nullopt;
    return std::max<std::int64_t>(changed, 0);
  }

  std::optional<std::int64_t> CountRows() {
    std::int64_t rows = 0;
    SQLRETURN code = SQLFetch(handle_);
    for (; Succeeded(code); code = SQLFetch(handle_)) ++rows;
    if (code != SQL_NO_DATA) return std::nullopt;
    return rows;
  }

  SQLHSTMT handle_ = SQL_NULL_HANDLE;
  std::vector<Bound> bound_;
};

OdbcLink::OdbcLink(OdbcAddress address) : address_(std::move(address)) {}
OdbcLink::~OdbcLink() = default;

SqlResult OdbcLink::Connect(const Login& login, const Patience& patience) {
  session_.reset();
  std::string connection = address_.connection;
  if (login.username) connection += ";UID=" + OdbcQuoted(*login.username);
  if (login.password) connection += ";PWD=" + OdbcQuoted(*login.password);
  if (connection.size() > std::numeric_limits<SQLSMALLINT>::max()) {
    return SqlFailure{SqlTrouble::Wrong, "the connection string is too long"};
  }
  auto session = std::make_unique<Session>();
  if (auto failed = session->Connect(connection, patience)) return failed;
  dialect_ = DialectOf(session->ProductName());
  session_ = std::move(session);
  return std::nullopt;
}

SqlResult OdbcLink::Begin(const Patience& patience) {
  if (patience.over()) return OutOf(patience);
  auto failed = session_->CommitEach(SQL_AUTOCOMMIT_OFF);
  if (failed) LoseIfLost(*failed);
  return failed;
}

SqlCount OdbcLink::Execute(const SqlStatement& statement, const Patience& patience) {
  if (patience.over()) return OutOf(patience);
  SqlCount count;
  {
    Query query(session_->handle());
    count = query.Run(statement, patience);
  }
  if (auto* failed = std::get_if<SqlFailure>(&count)) {
    // Not every driver says so by an SQLSTATE.
    if (session_->is_dead()) failed->trouble = SqlTrouble::Lost;
    LoseIfLost(*failed);
  }
  return count;
}

SqlResult OdbcLink::Commit(const Patience&) {
  auto failed = session_->End(SQL_COMMIT);
  if (failed) LoseIfLost(*failed);
  return failed;
}

void OdbcLink::Rollback(const Patience&) {
  if (session_->End(SQL_ROLLBACK)) session_.reset();
}

void OdbcLink::LoseIfLost(const SqlFailure& failure) {
  if (failure.trouble == SqlTrouble::Lost) session_.reset();
}

}  // namespace relay
