// What becomes of a delivery when the database is locked, gone, or wants another password.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <future>
#include <thread>

#include "e2e/database/configured_action.h"
#include "e2e/database/posted_session.h"
#include "support/deadline.h"
#include "support/process.h"
#include "support/sockets.h"

namespace relay::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kUpdate = "sql = \"UPDATE s SET tech = {{ .TechName }} WHERE id = 'one'\"\n";

class DatabaseTrouble : public testing::TestWithParam<Kind> {
 protected:
  DatabaseTrouble() {
    database_->Run("CREATE TABLE s (id VARCHAR(190) PRIMARY KEY, tech VARCHAR(190))");
    database_->Run("INSERT INTO s (id) VALUES ('one')");
  }
  std::shared_ptr<void> LockTheRow() const {
    return database_->Lock("UPDATE s SET tech = 'locked' WHERE id = 'one'");
  }

  const std::unique_ptr<TestDatabase> database_ = MakeTestDatabase(GetParam());
  const Json document_ = PostedSession().Post({{"TechName", "Ada"}});
};

std::string NameOfTest(const testing::TestParamInfo<Kind>& test) {
  return NameOf(test.param);
}

INSTANTIATE_TEST_SUITE_P(Each, DatabaseTrouble,
                         testing::Values(Kind::PostgreSql, Kind::MariaDb, Kind::Sqlite,
                                         Kind::OdbcPostgreSql),
                         NameOfTest);

TEST_P(DatabaseTrouble, OfALockIsTriedAgainLaterAndNothingOfTheTransactionStays) {
  ConfiguredAction action(database_->keys() + "timeout = \"500ms\"\n" +
                          "sql = [\"INSERT INTO s (id) VALUES ('two')\", \"UPDATE s SET tech = {{ "
                          ".TechName }} WHERE id = 'one'\"]\n");
  auto lock = LockTheRow();
  const Outcome outcome = action.Run(document_);
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry) << outcome.reason;
  lock.reset();
  EXPECT_EQ(database_->Run("SELECT count(*) FROM s"), "1");
  ConfiguredAction patient(database_->keys() + kUpdate);
  const Outcome later = patient.Run(document_);
  EXPECT_EQ(later.kind, OutcomeKind::Done) << later.reason << later.answer;
  EXPECT_EQ(database_->Run("SELECT tech FROM s"), "Ada");
}

// ODBC cannot be interrupted.
class DatabaseWait : public DatabaseTrouble {};

INSTANTIATE_TEST_SUITE_P(Each, DatabaseWait,
                         testing::Values(Kind::PostgreSql, Kind::MariaDb, Kind::Sqlite),
                         NameOfTest);

TEST_P(DatabaseWait, ForALockEndsWithTheProgram) {
  ConfiguredAction action(database_->keys() + "timeout = \"10m\"\n" + kUpdate);
  auto lock = LockTheRow();
  auto outcome = std::async(std::launch::async, [&] { return action.Run(document_); });
  EXPECT_TRUE(Deadline(std::chrono::seconds(20)).Until([&] { return database_->SomebodyWaits(); }));
  action.Stop();
  EXPECT_EQ(outcome.get().kind, OutcomeKind::Interrupted);
}

class DatabaseServer : public DatabaseTrouble {};

INSTANTIATE_TEST_SUITE_P(Each, DatabaseServer,
                         testing::Values(Kind::PostgreSql, Kind::MariaDb, Kind::OdbcPostgreSql),
                         NameOfTest);

TEST_P(DatabaseServer, ThatIsAwayIsTriedAgainAndThatHasReturnedIsUsed) {
  ConfiguredAction action(database_->keys() + kUpdate);
  ASSERT_EQ(action.Run(document_).kind, OutcomeKind::Done);
  database_->KillServer();
  const Outcome away = action.Run(document_);
  database_->StartServer();
  EXPECT_EQ(away.kind, OutcomeKind::Retry) << away.reason;
  EXPECT_EQ(away.reach, Reach::Failed);
  const Outcome back = action.Run(document_);
  EXPECT_EQ(back.kind, OutcomeKind::Done) << back.reason << back.answer;
}

TEST_P(DatabaseServer, ThatHasCutAConnectionIsAskedAgainInTheSameTry) {
  ConfiguredAction action(database_->keys() + kUpdate);
  ASSERT_EQ(action.Run(document_).kind, OutcomeKind::Done);
  database_->CutConnections();
  const Outcome outcome = action.Run(document_);
  EXPECT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason << outcome.answer;
}

TEST_P(DatabaseServer, ThatRefusesThePasswordPausesTheAction) {
  ConfiguredAction action(database_->keys() + kUpdate, "wrong password");
  const Outcome outcome = action.Run(document_);
  // PostgreSQL's ODBC driver does not tell why there is no connection.
  EXPECT_EQ(outcome.kind,
            GetParam() == Kind::OdbcPostgreSql ? OutcomeKind::Retry : OutcomeKind::AuthRefused)
      << outcome.reason << outcome.answer;
  EXPECT_THAT(outcome.reason + outcome.answer, Not(HasSubstr("wrong password")));
}

TEST_P(DatabaseServer, AskedForADatabaseThatIsNotThereIsTriedAgain) {
  std::string keys = database_->keys();
  const auto name = keys.find("/db");
  if (name == std::string::npos) GTEST_SKIP() << "names it in another way";
  keys.insert(name + 1, "no");
  const Outcome outcome = ConfiguredAction(keys + kUpdate).Run(document_);
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry) << outcome.reason;
}

TEST(PostgreSqlLink, ThatTakesNoConnectionsIsTriedAgain) {
  const UniqueFd listens_and_says_nothing = ListenOnLoopback();
  const Outcome outcome = ConfiguredAction("url = \"postgresql://relay@127.0.0.1:" +
                                           std::to_string(PortOf(listens_and_says_nothing)) +
                                           "/crm\"\ntimeout = \"200ms\"\n" + kUpdate)
                              .Run(PostedSession().Post({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_EQ(outcome.reason, "connect: no answer in time");
}

TEST(MariaDbLink, ThatTakesNoConnectionsIsTriedAgain) {
  const UniqueFd listens_and_says_nothing = ListenOnLoopback();
  const Outcome outcome = ConfiguredAction("url = \"mysql://relay@127.0.0.1:" +
                                           std::to_string(PortOf(listens_and_says_nothing)) +
                                           "/crm\"\ntimeout = \"200ms\"\n" + kUpdate)
                              .Run(PostedSession().Post({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_EQ(outcome.reason, "connect: no answer in time");
}

// The first packet of a server that offers TLS (MySQL's protocol, HandshakeV10).
std::string Greeting() {
  std::string body("\x0A", 1);
  body += std::string("5.5.5-10.11.0-MariaDB\0", 22);
  body += std::string("\x01\0\0\0", 4) + "12345678" + std::string(1, '\0');
  body += std::string("\xFE\xFF\x2D\x02\0\xFF\x81\x15", 8) + std::string(10, '\0');
  body += "123456789012" + std::string(1, '\0') + "mysql_native_password" + std::string(1, '\0');
  return std::string{static_cast<char>(body.size()), '\0', '\0', '\0'} + body;
}

TEST(MariaDbLink, ThatStallsInTheMiddleOfTlsIsTriedAgain) {
  const auto database = MakeTestDatabase(Kind::MariaDb);
  const UniqueFd listener = ListenOnLoopback();
  std::thread server([&] {
    const UniqueFd peer(accept(listener.get(), nullptr, nullptr));
    SendAll(peer, Greeting());
    const Deadline deadline(std::chrono::seconds(30));
    for (auto got = ReceiveSome(peer, deadline); got && !got->empty();) {
      got = ReceiveSome(peer, deadline);
    }
  });
  const Outcome outcome =
      ConfiguredAction("url = \"mysql://relay@127.0.0.1:" + std::to_string(PortOf(listener)) +
                       "/crm\"\ntimeout = \"1s\"\nca_file = \"" + database->server().ca_file +
                       "\"\n" + kUpdate)
          .Run(PostedSession().Post({}));
  server.join();
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry) << outcome.reason;
}

TEST(MariaDbLink, WhoseCertificateIsSignedByAnotherIsNotSentThePassword) {
  const auto database = MakeTestDatabase(Kind::MariaDb);
  std::string keys = database->keys();
  const std::string ca = "ca.pem";
  keys.replace(keys.find(ca), ca.size(), "other-ca.pem");
  const Outcome outcome = ConfiguredAction(keys + kUpdate).Run(PostedSession().Post({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry) << outcome.reason;
  EXPECT_THAT(outcome.answer, testing::ContainsRegex("certificate|TLS|SSL"));
}

TEST(MariaDbLink, WhoseCertificateIsForAnotherNameIsNotSentThePassword) {
  const auto database = MakeTestDatabase(Kind::MariaDb);
  std::string keys = database->keys();
  const std::string host = "127.0.0.1";
  keys.replace(keys.find(host), host.size(), "127.0.0.2");
  const Outcome outcome = ConfiguredAction(keys + kUpdate).Run(PostedSession().Post({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry) << outcome.reason;
  EXPECT_THAT(outcome.answer, testing::ContainsRegex("certificate|TLS|SSL"));
}

TEST(SqliteLink, WhoseFolderIsMissingIsTriedAgain) {
  const Outcome outcome =
      ConfiguredAction("url = \"sqlite:/nowhere/crm.db\"\n" + std::string(kUpdate))
          .Run(PostedSession().Post({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_THAT(outcome.reason, HasSubstr("SQLite code 14"));
}

TEST(SqliteLink, WhoseFileIsReplacedWritesIntoTheNewOne) {
  const TempDir folder;
  const auto path = folder.path() / "crm.db";
  ConfiguredAction action("url = \"sqlite:" + path.string() + "\"\ntable = \"t\"\n");
  ASSERT_EQ(action.Run(PostedSession("1").Post({})).kind, OutcomeKind::Done);
  std::filesystem::rename(path, folder.path() / "old.db");
  ASSERT_EQ(action.Run(PostedSession("2").Post({})).kind, OutcomeKind::Done);
  EXPECT_EQ(RunToEnd({.argv = {"sqlite3", path, "SELECT session_id FROM t"}}).out, "2\n");
}

TEST(SqliteLink, ThatComputesForEverEndsInTime) {
  const TempDir folder;
  const Outcome outcome =
      ConfiguredAction(
          "url = \"sqlite:" + (folder.path() / "crm.db").string() +
          "\"\ntimeout = \"200ms\"\nsql = \"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
          "SELECT x FROM n) SELECT count(*) FROM n\"\n")
          .Run(PostedSession().Post({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_THAT(outcome.reason, HasSubstr("no answer in time"));
}

}  // namespace
}  // namespace relay::test
