// Sessions in a table of their own, in each kind of database; read back by the database's client.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "action/table_layout.h"
#include "e2e/database/configured_action.h"
#include "e2e/database/posted_session.h"
#include "model/variables.h"

namespace relay::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kTable = "table = \"rescue_session\"\n";

std::string Hex(const std::string& text) {
  std::string digits;
  for (const char c : text) digits += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return digits;
}

class SessionTable : public testing::TestWithParam<Kind> {
 protected:
  void Deliver(ConfiguredAction& action, const Json& document, const std::string& store = "store") {
    const Outcome outcome = action.Run(document, store);
    ASSERT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason << "\n" << outcome.answer;
  }
  void Deliver(const Json& document) { Deliver(action_, document); }

  std::string Cell(const std::string& column) const {
    return database_->Run("SELECT " + column + " FROM rescue_session");
  }
  std::string Rows() const {
    return database_->Run("SELECT * FROM rescue_session ORDER BY session_id") + "\n" +
           database_->Run("SELECT * FROM rescue_session_post ORDER BY post_id");
  }
  bool KeepsNul() const { return GetParam() == Kind::MariaDb || GetParam() == Kind::Sqlite; }

  const std::unique_ptr<TestDatabase> database_ = MakeTestDatabase(GetParam());
  ConfiguredAction action_{database_->keys() + kTable};
};

INSTANTIATE_TEST_SUITE_P(Each, SessionTable,
                         testing::Values(Kind::PostgreSql, Kind::MariaDb, Kind::Sqlite,
                                         Kind::OdbcPostgreSql, Kind::OdbcSqlite),
                         [](const auto& test) { return NameOf(test.param); });

const std::string kHostile =
    "Robert'); DROP TABLE rescue_session; --\r\n\"quoted\" `back` \\' \\\\ \\x41 %s %27 $1 ? :a "
    "@b\t"
    "{{ .SessionID }} 100% <b>&amp; \xF0\x9F\x98\x80 \xE8\xB0\xA2 \xCD\x84 \xEF\xBF\xBF end ";

TEST_P(SessionTable, AHostileSessionArrivesIntact) {
  FieldList fields;
  for (const Variable& variable : kVariables) {
    if (variable.type == VariableType::Text && variable.name != "SessionID") {
      fields.push_back({std::string(variable.name), std::string(variable.name) + kHostile});
    }
  }
  const Json document = PostedSession("7'\\\"; --").Post(fields);
  Deliver(document);

  std::string columns = database_->HexOf("session_id");
  std::string expected = Hex("7'\\\"; --");
  for (const Field& field : fields) {
    columns += ", '/', " + database_->HexOf(std::string(ColumnOf(field.name)));
    expected += "/" + Hex(field.value);
  }
  std::string found = Cell(columns);
  std::erase_if(found, [](char c) { return c == '|' || c == '\t'; });
  EXPECT_EQ(found, expected);
  EXPECT_EQ(Cell(database_->HexOf("transcript")), Hex(document["transcript"].get<std::string>()));
  EXPECT_EQ(database_->Run("SELECT " + database_->HexOf("raw") + " FROM rescue_session_post"),
            Hex(ToText(document["raw"])));
}

TEST_P(SessionTable, ANulArrivesOrIsReplacedWhereTheDatabaseHasNone) {
  const std::string text("a\0b", 3);
  Deliver(PostedSession().Post({{"Notes", text}, {"ChatLog", text}}));
  EXPECT_EQ(Cell(database_->HexOf("notes")), KeepsNul() ? "610062" : "61EFBFBD62");
}

TEST_P(SessionTable, ATranscriptOfEightMebibytesArrivesIntact) {
  std::string chat;
  for (int line = 0; chat.size() < (8u << 20); ++line) {
    chat +=
        std::string(500, '.') + fmt::format("{} Ada: it's \xF0\x9F\x98\x80 \\ \"quoted\"\n", line);
  }
  Deliver(PostedSession().Post({{"ChatLog", chat}}));
  EXPECT_TRUE(Cell("chat_log") == chat);
  EXPECT_TRUE(Cell("transcript") + "\n" == chat);
}

TEST_P(SessionTable, HasTypesThatCanBeReckonedWith) {
  Deliver(PostedSession().Post({{"WorkTime", "1290"},
                                {"WaitingTime", "25.5"},
                                {"Transmitted", "3221225472"},
                                {"PickupTime", "2026-03-02 10:20:00"}}));
  EXPECT_EQ(Cell("work_time / 60"), "21.5");
  EXPECT_EQ(Cell("waiting_time * 2"),
            GetParam() == Kind::Sqlite || GetParam() == Kind::OdbcSqlite ? "51.0" : "51");
  EXPECT_THAT(Cell("transmitted + 1"), HasSubstr("3221225473"));
  EXPECT_THAT(Cell("pickup_time"), testing::MatchesRegex("2026-03-02.10:20:00.*"));
  EXPECT_EQ(Cell("count(*)"), "1");
  EXPECT_EQ(database_->Run("SELECT count(*) FROM rescue_session WHERE pickup_time > '2026-03-02 "
                           "00:00:00' AND closing_time IS NULL AND tracking0 IS NULL"),
            "1");
}

TEST_P(SessionTable, WhatIsDeliveredTwiceLeavesTheSameRows) {
  PostedSession session;
  session.Post({{"TechName", "Ada"}});
  const Json document = session.Post({{"TechName", "Bob"}, {"ChatLog", "10:00 Bob: hi\n"}});
  Deliver(document);
  const std::string once = Rows();
  Deliver(document);
  ConfiguredAction restarted(database_->keys() + kTable);
  Deliver(restarted, document);
  EXPECT_EQ(Rows(), once);
  EXPECT_THAT(once, HasSubstr("Bob"));
}

TEST_P(SessionTable, ASessionHasOneRowAndEachOfItsPostsOne) {
  PostedSession session;
  Deliver(session.Post({{"TechName", "Ada"}, {"CField1", "E-mail"}, {"ChatLog", "one\n"}}));
  EXPECT_EQ(Cell("last_event"), "started");
  EXPECT_EQ(Cell("count(closed_at)"), "0");
  Deliver(session.Post(
      {{"TechName", "Bob"}, {"ChatLog", "two\n"}, {"ClosingTime", "2026-03-02 10:32:40"}}));
  EXPECT_EQ(Cell("count(*)"), "1");
  EXPECT_EQ(Cell("tech_name"), "Bob");
  EXPECT_EQ(Cell("cfield1"), "E-mail") << "was not posted again";
  EXPECT_EQ(Cell("technicians"), R"(["Ada","Bob"])");
  EXPECT_EQ(Cell("transcript"), "one\ntwo");
  EXPECT_EQ(Cell("last_event"), "closed");
  EXPECT_THAT(Cell("closed_at"), HasSubstr("10:32:40"));
  EXPECT_THAT(Cell("started_at"), HasSubstr("10:00:00"));
  EXPECT_THAT(Cell("first_post_at"), HasSubstr("10:00:00"));
  EXPECT_THAT(Cell("last_post_at"), HasSubstr("10:01:00"));
  EXPECT_EQ(Cell("last_post_id"), "2");
  EXPECT_EQ(database_->Run("SELECT event FROM rescue_session_post ORDER BY post_id"),
            "started\nclosed");
}

TEST_P(SessionTable, ASessionThatIsTakenUpAgainIsNotClosed) {
  PostedSession session;
  Deliver(session.Post(
      {{"PickupTime", "2026-03-02 10:00:00"}, {"ClosingTime", "2026-03-02 10:32:40"}}));
  EXPECT_EQ(Cell("count(closed_at)"), "1");
  Deliver(session.Post({{"PickupTime", "2026-03-02 11:00:00"}}));
  EXPECT_EQ(Cell("last_event"), "resumed");
  EXPECT_EQ(Cell("count(closed_at)"), "0");
}

TEST_P(SessionTable, AnOlderPostThatIsReplayedDoesNotOverwriteANewerOne) {
  PostedSession session;
  const Json older = session.Post({{"TechName", "Ada"}});
  Deliver(older);
  Deliver(session.Post({{"TechName", "Bob"}}));
  const std::string before = Rows();
  Deliver(older);
  EXPECT_EQ(Rows(), before);
}

// The IDs of a store that had to be made anew begin at 1 again.
TEST_P(SessionTable, PostsOfAnotherStoreAreComparedByTheirTime) {
  PostedSession session("7001", 500);
  const Json first = session.Post({{"TechName", "Ada"}});
  session.Post({{"TechName", "Bob"}});
  Deliver(first);
  PostedSession elsewhere("7001", 1);
  elsewhere.Post({{"TechName", "Eve"}});
  Deliver(action_, elsewhere.Post({{"TechName", "Cyd"}}), "new store");
  EXPECT_EQ(Cell("tech_name"), "Cyd");
  Deliver(first);
  EXPECT_EQ(Cell("tech_name"), "Cyd");
  EXPECT_EQ(database_->Run("SELECT count(*) FROM rescue_session_post"), "2");
}

TEST_P(SessionTable, ATableThatLacksAColumnIsNamedAndWaitedFor) {
  database_->Run(
      "CREATE TABLE rescue_session (session_id VARCHAR(190) PRIMARY KEY, tech_id VARCHAR(100))");
  const Json document = PostedSession().Post({{"TechName", "Ada"}});
  const Outcome outcome = action_.Run(document);
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_THAT(outcome.reason, HasSubstr("no column tech_sso_id"));
  database_->Run("DROP TABLE rescue_session");
  Deliver(document);
  EXPECT_EQ(Cell("tech_name"), "Ada");
}

TEST_P(SessionTable, AColumnThatIsTakenAwayLaterIsNamedAndWaitedFor) {
  const Json document = PostedSession().Post({{"Platform", "Windows"}});
  Deliver(document);
  database_->Run("ALTER TABLE rescue_session DROP COLUMN platform");
  const Outcome outcome = action_.Run(document);
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_THAT(outcome.reason, HasSubstr("no column platform"));
}

TEST_P(SessionTable, SeveralWorkersMakeItAtOneTime) {
  constexpr int kWorkers = 4;
  std::vector<Json> documents;
  for (int i = 0; i < kWorkers; ++i) {
    documents.push_back(PostedSession(std::to_string(i), i + 1).Post({{"TechName", "Ada"}}));
  }
  std::vector<Outcome> outcomes(kWorkers);
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&, i] {
      ConfiguredAction action(database_->keys() + kTable);
      int tries = 0;
      do {
        outcomes[i] = action.Run(documents[i]);
      } while (outcomes[i].kind == OutcomeKind::Retry && ++tries < 10);
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason << outcome.answer;
  }
  EXPECT_EQ(Cell("count(*)"), "4");
}

}  // namespace
}  // namespace relay::test
