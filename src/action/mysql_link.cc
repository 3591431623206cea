#include "action/mysql_link.h"

#include <errmsg.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <vector>

#include "action/wait_for.h"

namespace relay {
namespace {

// Longer values go in pieces, before the statement: a server takes no packet over its
// max_allowed_packet, 16 MiB by default, and a post may have several long values.
constexpr std::size_t kLong = 64 * 1024;
constexpr std::size_t kPiece = 1024 * 1024;

// The stack of libmariadb's functions that do not block: 60 KiB by default, which TLS may exceed.
constexpr std::size_t kStack = 512 * 1024;

constexpr std::array<unsigned, 9> kRefused{
    ER_ACCESS_DENIED_ERROR,        ER_DBACCESS_DENIED_ERROR,           ER_TABLEACCESS_DENIED_ERROR,
    ER_COLUMNACCESS_DENIED_ERROR,  ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_MUST_CHANGE_PASSWORD,
    ER_MUST_CHANGE_PASSWORD_LOGIN, ER_SPECIFIC_ACCESS_DENIED_ERROR,    ER_PROCACCESS_DENIED_ERROR};

// What SQLSTATE HY000 or 42000 hides.
constexpr std::array<unsigned, 24> kUnable{ER_CON_COUNT_ERROR,
                                           ER_OUT_OF_RESOURCES,
                                           ER_OUTOFMEMORY,
                                           ER_OUT_OF_SORTMEMORY,
                                           ER_SERVER_SHUTDOWN,
                                           ER_NORMAL_SHUTDOWN,
                                           ER_DISK_FULL,
                                           ER_RECORD_FILE_FULL,
                                           ER_HOST_IS_BLOCKED,
                                           ER_TOO_MANY_USER_CONNECTIONS,
                                           ER_USER_LIMIT_REACHED,
                                           ER_LOCK_WAIT_TIMEOUT,
                                           ER_LOCK_TABLE_FULL,
                                           ER_LOCK_DEADLOCK,
                                           ER_CANT_LOCK,
                                           ER_OPTION_PREVENTS_STATEMENT,
                                           ER_QUERY_INTERRUPTED,
                                           ER_STATEMENT_TIMEOUT,
                                           ER_CONNECTION_KILLED,
                                           ER_ERROR_DURING_COMMIT,
                                           ER_TABLE_DEF_CHANGED,
                                           ER_NEED_REPREPARE,
                                           ER_TOO_MANY_CONCURRENT_TRXS,
                                           ER_GET_ERRNO};

template <std::size_t size>
bool Contains(const std::array<unsigned, size>& list, unsigned number) {
  return std::find(list.begin(), list.end(), number) != list.end();
}

SqlTrouble TroubleOfNumber(unsigned number, const char* sqlstate) {
  // Of the library itself: mostly of the connection, as far as it gets.
  if (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR) return SqlTrouble::Lost;
  if (number >= CER_MIN_ERROR && number <= CER_MAX_ERROR) return SqlTrouble::Lost;
  if (Contains(kRefused, number)) return SqlTrouble::Refused;
  if (Contains(kUnable, number)) return SqlTrouble::Unable;
  return TroubleOf(sqlstate);
}

SqlFailure FailureOf(unsigned number, const char* sqlstate, const char* words) {
  const SqlTrouble trouble = TroubleOfNumber(number, sqlstate);
  return {trouble, fmt::format("SQLSTATE {} (error {})", sqlstate, number), words};
}

short EventsOf(int waits) {
  int events = 0;
  if ((waits & MYSQL_WAIT_READ) != 0) events |= POLLIN;
  if ((waits & MYSQL_WAIT_WRITE) != 0) events |= POLLOUT;
  if ((waits & MYSQL_WAIT_EXCEPT) != 0) events |= POLLPRI;
  return static_cast<short>(events);
}

int HappenedOf(short events) {
  int happened = 0;
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) happened |= MYSQL_WAIT_READ;
  if ((events & (POLLOUT | POLLERR)) != 0) happened |= MYSQL_WAIT_WRITE;
  if ((events & POLLPRI) != 0) happened |= MYSQL_WAIT_EXCEPT;
  return happened;
}

// Runs one of the library's pairs of functions that do not block. Nothing where patience was over
// first: then the connection is in the middle of something and of no more use.
template <class Value, class Start, class Continue>
std::optional<Value> Await(MYSQL* connection, const Patience& patience, Start start,
                           Continue go_on) {
  if (patience.over()) return std::nullopt;
  Value value{};
  int waits = start(&value);
  while (waits != 0) {
    const short events = WaitFor(mysql_get_socket(connection), EventsOf(waits), patience);
    if (events == 0) return std::nullopt;
    waits = go_on(&value, HappenedOf(events));
  }
  return value;
}

std::int64_t SecondsOf(const Patience& patience) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(patience.left()).count();
  return std::max<std::int64_t>(seconds, 1);
}

// With TLS the library leaves its socket blocking, and reads as if it were not.
void DoNotBlock(MYSQL* connection) {
  const my_socket socket = mysql_get_socket(connection);
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
}

const char* TextOrNull(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}
const char* TextOrNull(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

}  // namespace

// A statement on its way, with the memory that its values are bound to.
class MySqlLink::Prepared {
 public:
  Prepared(MYSQL* connection, const Patience& patience)
      : connection_(connection), patience_(patience), handle_(mysql_stmt_init(connection)) {}
  ~Prepared() { mysql_stmt_close(handle_); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  // Nothing where patience was over first.
  std::optional<SqlCount> Run(const SqlStatement& statement) {
    if (handle_ == nullptr) return SqlFailure{SqlTrouble::Unable, "out of memory"};
    const std::string sql = statement.Text(Placeholder::Question);
    const auto prepared = Step<int>(
        [&](int* failed) {
          return mysql_stmt_prepare_start(failed, handle_, sql.data(), sql.size());
        },
        mysql_stmt_prepare_cont);
    if (!prepared) return std::nullopt;
    if (*prepared != 0) return Failed();
    if (mysql_stmt_param_count(handle_) != statement.values().size()) {
      return SqlFailure{SqlTrouble::Wrong, "not as many placeholders as values"};
    }
    if (!Bind(statement.values())) return Failed();
    const auto sent = SendLong();
    if (!sent) return std::nullopt;
    if (!*sent) return Failed();
    return Execute();
  }

 private:
  template <class Value, class Start, class Continue>
  std::optional<Value> Step(Start start, Continue go_on) {
    return Await<Value>(connection_, patience_, start, [&](Value* value, int happened) {
      return go_on(value, handle_, happened);
    });
  }

  SqlFailure Failed() {
    return FailureOf(mysql_stmt_errno(handle_), mysql_stmt_sqlstate(handle_),
                     mysql_stmt_error(handle_));
  }

  struct Bound {
    long long integer = 0;
    double number = 0;
    std::string text = {};
    unsigned long length = 0;
  };

  bool Bind(const std::vector<Json>& values) {
    bound_.resize(values.size());
    binds_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) BindOne(values[i], bound_[i], binds_[i]);
    return binds_.empty() || mysql_stmt_bind_param(handle_, binds_.data()) == 0;
  }

  static void BindOne(const Json& value, Bound& bound, MYSQL_BIND& bind) {
    if (value.is_null()) {
      bind.buffer_type = MYSQL_TYPE_NULL;
    } else if (value.is_number_float()) {
      bound.number = value.get<double>();
      bind.buffer_type = MYSQL_TYPE_DOUBLE;
      bind.buffer = &bound.number;
    } else if (value.is_number_integer() || value.is_boolean()) {
      bound.integer = value.is_boolean() ? int{value.get<bool>()} : value.get<long long>();
      bind.buffer_type = MYSQL_TYPE_LONGLONG;
      bind.buffer = &bound.integer;
    } else {
      bound.text = value.get<std::string>();
      bound.length = bound.text.size();
      bind.buffer_type = MYSQL_TYPE_STRING;
      bind.buffer = bound.text.data();
      bind.buffer_length = bound.length;
      bind.length = &bound.length;
    }
  }

  // False where it failed.
  std::optional<bool> SendLong() {
    for (unsigned i = 0; i < bound_.size(); ++i) {
      const std::string& text = bound_[i].text;
      for (std::size_t at = 0; text.size() > kLong && at < text.size(); at += kPiece) {
        const std::size_t size = std::min(kPiece, text.size() - at);
        const auto failed = Step<my_bool>(
            [&](my_bool* result) {
              return mysql_stmt_send_long_data_start(result, handle_, i, text.data() + at, size);
            },
            mysql_stmt_send_long_data_cont);
        if (!failed) return std::nullopt;
        if (*failed != 0) return false;
      }
    }
    return true;
  }

  std::optional<SqlCount> Execute() {
    const auto executed =
        Step<int>([&](int* failed) { return mysql_stmt_execute_start(failed, handle_); },
                  mysql_stmt_execute_cont);
    if (!executed) return std::nullopt;
    if (*executed != 0) return Failed();
    std::int64_t count = 0;
    // A procedure has a result for each of its statements; the first counts.
    for (bool first = true;; first = false) {
      if (mysql_stmt_field_count(handle_) > 0) {
        const auto stored =
            Step<int>([&](int* failed) { return mysql_stmt_store_result_start(failed, handle_); },
                      mysql_stmt_store_result_cont);
        if (!stored) return std::nullopt;
        if (*stored != 0) return Failed();
        if (first) count = static_cast<std::int64_t>(mysql_stmt_num_rows(handle_));
        mysql_stmt_free_result(handle_);
      } else if (first) {
        count = static_cast<std::int64_t>(mysql_stmt_affected_rows(handle_));
      }
      const auto next =
          Step<int>([&](int* status) { return mysql_stmt_next_result_start(status, handle_); },
                    mysql_stmt_next_result_cont);
      if (!next) return std::nullopt;
      if (*next > 0) return Failed();
      if (*next < 0) return count;
    }
  }

  MYSQL* connection_;
  const Patience& patience_;
  MYSQL_STMT* handle_;
  std::vector<Bound> bound_;
  std::vector<MYSQL_BIND> binds_;
};

void MySqlLink::Close::operator()(st_mysql* connection) const {
  mysql_close(connection);
}

MySqlLink::MySqlLink(MySqlAddress address) : address_(std::move(address)) {
  // The library asks for this before threads use it at one time.
  static const int ready = mysql_library_init(0, nullptr, nullptr);
  static_cast<void>(ready);
}

MySqlLink::~MySqlLink() = default;

SqlResult MySqlLink::Connect(const Login& login, const Patience& patience) {
  connection_.reset(mysql_init(nullptr));
  if (connection_ == nullptr) return SqlFailure{SqlTrouble::Unable, "out of memory"};
  MYSQL* connection = connection_.get();
  const my_bool yes = 1;
  const unsigned no = 0;
  const unsigned long any_size = 1ul << 30;
  // With TLS it opens connections in functions that block all the same.
  const auto seconds = static_cast<unsigned>(SecondsOf(patience));
  for (const auto option :
       {MYSQL_OPT_CONNECT_TIMEOUT, MYSQL_OPT_READ_TIMEOUT, MYSQL_OPT_WRITE_TIMEOUT}) {
    mysql_options(connection, option, &seconds);
  }
  mysql_options(connection, MYSQL_OPT_NONBLOCK, &kStack);
  mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &no);
  mysql_options(connection, MYSQL_OPT_MAX_ALLOWED_PACKET, &any_size);
  if (!address_.ca_file.empty()) {
    mysql_options(connection, MYSQL_OPT_SSL_CA, address_.ca_file.c_str());
    mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
  }
  auto failed = Open(login, patience);
  if (failed) connection_.reset();
  return failed;
}

SqlResult MySqlLink::Open(const Login& login, const Patience& patience) {
  const std::string user = login.username.value_or(address_.user);
  const auto opened = Await<MYSQL*>(
      connection_.get(), patience,
      [&](MYSQL** result) {
        return mysql_real_connect_start(
            result, connection_.get(), TextOrNull(address_.host), TextOrNull(user),
            TextOrNull(login.password), address_.database.c_str(), address_.port,
            TextOrNull(address_.socket), CLIENT_FOUND_ROWS | CLIENT_MULTI_RESULTS);
      },
      [&](MYSQL** result, int happened) {
        return mysql_real_connect_cont(result, connection_.get(), happened);
      });
  if (!opened) return GiveUp(patience);
  if (*opened == nullptr) return Failed();
  DoNotBlock(connection_.get());
  // Locks are not waited for on behalf of somebody who has left.
  auto failed =
      Command(fmt::format("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), "
                          "SESSION time_zone = '+00:00', SESSION lock_wait_timeout = {0}, "
                          "SESSION innodb_lock_wait_timeout = {0}",
                          SecondsOf(patience)),
              patience);
  if (failed) return failed;
  return Command("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", patience);
}

SqlResult MySqlLink::Begin(const Patience& patience) {
  return Command("START TRANSACTION", patience);
}

SqlResult MySqlLink::Commit(const Patience& patience) {
  return Command("COMMIT", patience);
}

void MySqlLink::Rollback(const Patience& patience) {
  if (Command("ROLLBACK", patience)) connection_.reset();
}

SqlResult MySqlLink::Command(const std::string& text, const Patience& patience) {
  if (!connected()) return SqlFailure{SqlTrouble::Lost, "the connection was lost"};
  const auto failed = Await<int>(
      connection_.get(), patience,
      [&](int* result) {
        return mysql_real_query_start(result, connection_.get(), text.data(), text.size());
      },
      [&](int* result, int happened) {
        return mysql_real_query_cont(result, connection_.get(), happened);
      });
  if (!failed) return GiveUp(patience);
  if (*failed != 0) return Failed();
  return std::nullopt;
}

SqlCount MySqlLink::Execute(const SqlStatement& statement, const Patience& patience) {
  if (!connected()) return SqlFailure{SqlTrouble::Lost, "the connection was lost"};
  Prepared prepared(connection_.get(), patience);
  auto count = prepared.Run(statement);
  if (!count) return GiveUp(patience);
  const auto* failed = std::get_if<SqlFailure>(&*count);
  if (failed != nullptr && failed->trouble == SqlTrouble::Lost) connection_.reset();
  return std::move(*count);
}

SqlFailure MySqlLink::Failed() {
  SqlFailure failure = FailureOf(mysql_errno(connection_.get()), mysql_sqlstate(connection_.get()),
                                 mysql_error(connection_.get()));
  if (failure.trouble == SqlTrouble::Lost) connection_.reset();
  return failure;
}

SqlFailure MySqlLink::GiveUp(const Patience& patience) {
  // Otherwise closing would say good-bye in the middle of another command.
  const my_socket socket = mysql_get_socket(connection_.get());
  if (socket != MARIADB_INVALID_SOCKET) shutdown(socket, SHUT_RDWR);
  connection_.reset();
  return OutOf(patience);
}

}  // namespace relay
