#include "action/postgresql_link.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <charconv>
#include <vector>

#include "action/wait_for.h"

namespace relay {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

void SayNothing(void*, const PGresult*) {}

// PostgreSQL's text cannot hold U+0000.
std::string WithoutNul(std::string text) {
  for (std::size_t at = 0; (at = text.find('\0', at)) != std::string::npos;) {
    text.replace(at, 1, "\xEF\xBF\xBD");
  }
  return text;
}

// The values as text, of a type that the server finds out; nothing for null.
std::vector<std::optional<std::string>> TextOf(const std::vector<Json>& values) {
  std::vector<std::optional<std::string>> texts;
  for (const Json& value : values) {
    if (value.is_null()) {
      texts.emplace_back();
    } else {
      texts.emplace_back(WithoutNul(value.is_string() ? value.get<std::string>() : ToText(value)));
    }
  }
  return texts;
}

// The SQLSTATE within a message of PQERRORS_VERBOSE, "FATAL:  28P01: ...": the only place that has
// it while there is no connection. The last one counts, where several hosts were asked.
std::string StateWithin(std::string_view message) {
  constexpr std::string_view kBefore = ":  ";
  constexpr std::size_t kLength = 5;
  std::string state;
  for (std::size_t at = 0; (at = message.find(kBefore, at)) != std::string_view::npos;) {
    at += kBefore.size();
    const std::string_view word = message.substr(at, kLength);
    const bool is_state =
        word.size() == kLength && message.substr(at + kLength).starts_with(": ") &&
        word.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
    if (is_state) state = word;
  }
  return state;
}

SqlFailure FailureOf(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == nullptr)
    return {SqlTrouble::Lost, "the connection was lost", PQresultErrorMessage(result)};
  return {TroubleOf(state), fmt::format("SQLSTATE {}", state), PQresultErrorMessage(result)};
}

std::int64_t CountOf(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace

void PostgreSqlLink::Finish::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

Result<std::unique_ptr<DatabaseLink>> PostgreSqlLink::Make(const PostgreSqlAddress& address) {
  char* problem = nullptr;
  PQconninfoOption* options = PQconninfoParse(address.url.c_str(), &problem);
  const std::string why = problem == nullptr ? "" : problem;
  PQfreemem(problem);
  PQconninfoFree(options);
  if (options == nullptr) return Error{ErrorKind::BadInput, "url: " + why};
  return std::unique_ptr<DatabaseLink>(new PostgreSqlLink(address.url));
}

bool PostgreSqlLink::connected() const {
  return connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK;
}

SqlResult PostgreSqlLink::Connect(const Login& login, const Patience& patience) {
  connection_.reset();
  std::vector<const char*> keys{"dbname", "client_encoding", "fallback_application_name"};
  std::vector<const char*> values{url_.c_str(), "UTF8", "rescue-relay"};
  if (login.username) {
    keys.push_back("user");
    values.push_back(login.username->c_str());
  }
  if (login.password) {
    keys.push_back("password");
    values.push_back(login.password->c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(PQconnectStartParams(keys.data(), values.data(), 1));
  if (connection_ == nullptr) return SqlFailure{SqlTrouble::Lost, "out of memory"};
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
  if (auto failed = WaitUntilConnected(patience)) {
    connection_.reset();
    return failed;
  }
  PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
  PQsetNoticeReceiver(connection_.get(), SayNothing, nullptr);
  PQsetnonblocking(connection_.get(), 1);
  return std::nullopt;
}

SqlResult PostgreSqlLink::WaitUntilConnected(const Patience& patience) {
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  for (;;) {
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return ConnectFailure();
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!WaitFor(PQsocket(connection_.get()), events, patience)) return OutOf(patience);
    status = PQconnectPoll(connection_.get());
    if (status == PGRES_POLLING_OK) return std::nullopt;
  }
}

SqlFailure PostgreSqlLink::ConnectFailure() const {
  const std::string words = PQerrorMessage(connection_.get());
  if (PQconnectionNeedsPassword(connection_.get()) != 0) {
    return {SqlTrouble::Refused, "it asks for a password", words};
  }
  const std::string state = StateWithin(words);
  if (state.empty()) return {SqlTrouble::Lost, "no connection", words};
  return {TroubleOf(state), "SQLSTATE " + state, words};
}

SqlResult PostgreSqlLink::Begin(const Patience& patience) {
  // The server ends what nobody waits for any more. A pooler may hand the connection to others
  // behind the transaction, hence LOCAL.
  return Command(fmt::format("BEGIN; SET LOCAL statement_timeout = {}",
                             std::max<Duration::rep>(patience.left().count(), 1)),
                 patience);
}

SqlResult PostgreSqlLink::Commit(const Patience& patience) {
  return Command("COMMIT", patience);
}

void PostgreSqlLink::Rollback(const Patience& patience) {
  if (Command("ROLLBACK", patience)) connection_.reset();
}

SqlResult PostgreSqlLink::Command(const std::string& text, const Patience& patience) {
  if (!connected() || PQsendQuery(connection_.get(), text.c_str()) == 0) return Lose();
  auto count = Collect(patience);
  if (auto* failed = std::get_if<SqlFailure>(&count)) return std::move(*failed);
  return std::nullopt;
}

SqlCount PostgreSqlLink::Execute(const SqlStatement& statement, const Patience& patience) {
  const auto texts = TextOf(statement.values());
  std::vector<const char*> values;
  for (const auto& text : texts) values.push_back(text ? text->c_str() : nullptr);
  const std::string sql = statement.Text(placeholder());
  if (!connected() ||
      PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) == 0) {
    return Lose();
  }
  return Collect(patience);
}

// All results of what was sent; the first failure counts.
SqlCount PostgreSqlLink::Collect(const Patience& patience) {
  if (auto failed = Flush(patience)) return std::move(*failed);
  std::int64_t count = 0;
  SqlResult failure;
  for (;;) {
    if (auto failed = WaitForResult(patience)) return std::move(*failed);
    const Answer result(PQgetResult(connection_.get()));
    if (result == nullptr) break;
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_SINGLE_TUPLE:
      case PGRES_EMPTY_QUERY:
        count = CountOf(result.get());
        break;
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        connection_.reset();
        return SqlFailure{SqlTrouble::Wrong, "COPY cannot be used"};
      case PGRES_BAD_RESPONSE:
      case PGRES_NONFATAL_ERROR:
      case PGRES_FATAL_ERROR:
      case PGRES_PIPELINE_SYNC:
      case PGRES_PIPELINE_ABORTED:
        if (!failure) failure = FailureOf(result.get());
    }
  }
  if (failure) return std::move(*failure);
  return count;
}

SqlResult PostgreSqlLink::Flush(const Patience& patience) {
  for (int left = 1; left != 0;) {
    left = PQflush(connection_.get());
    if (left < 0) return Lose();
    if (left == 0) break;
    // The server may be sending, too, and wait for us to read.
    if (!WaitFor(PQsocket(connection_.get()), POLLIN | POLLOUT, patience)) return GiveUp(patience);
    if (PQconsumeInput(connection_.get()) == 0) return Lose();
  }
  return std::nullopt;
}

SqlResult PostgreSqlLink::WaitForResult(const Patience& patience) {
  while (PQisBusy(connection_.get()) != 0) {
    if (!WaitFor(PQsocket(connection_.get()), POLLIN, patience)) return GiveUp(patience);
    if (PQconsumeInput(connection_.get()) == 0) return Lose();
  }
  return std::nullopt;
}

SqlFailure PostgreSqlLink::Lose() {
  SqlFailure failure{SqlTrouble::Lost, "the connection was lost",
                     connection_ == nullptr ? "" : PQerrorMessage(connection_.get())};
  connection_.reset();
  return failure;
}

SqlFailure PostgreSqlLink::GiveUp(const Patience& patience) {
  connection_.reset();
  return OutOf(patience);
}

}  // namespace relay
