// Statements of the operator, in each kind of database.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/database/configured_action.h"
#include "e2e/database/posted_session.h"

namespace relay::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class BoundSql : public testing::TestWithParam<Kind> {
 protected:
  BoundSql() {
    database_->Run(
        "CREATE TABLE s (id VARCHAR(190) PRIMARY KEY, tech VARCHAR(190), minutes DOUBLE PRECISION, "
        "posts BIGINT)");
  }

  Outcome Run(const std::string& sql, const Json& document) {
    return ConfiguredAction(database_->keys() + sql).Run(document);
  }
  Json Document(FieldList fields) { return PostedSession().Post(std::move(fields)); }

  const std::unique_ptr<TestDatabase> database_ = MakeTestDatabase(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Each, BoundSql,
                         testing::Values(Kind::PostgreSql, Kind::MariaDb, Kind::Sqlite,
                                         Kind::OdbcPostgreSql),
                         [](const auto& test) { return NameOf(test.param); });

constexpr const char* kInsert =
    "sql = \"INSERT INTO s (id, tech, minutes, posts) VALUES ({{ .SessionID }}, {{ .TechName }}, "
    "{{ .WorkTime / 60 }}, {{ .session.posts }})\"\n";

TEST_P(BoundSql, BindsEachExpressionAsAValueOfItsType) {
  const std::string name = "x'); DROP TABLE s; --";
  const Outcome outcome = Run(kInsert, Document({{"TechName", name}, {"WorkTime", "90"}}));
  ASSERT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason << outcome.answer;
  EXPECT_EQ(database_->Run("SELECT id FROM s WHERE minutes = 1.5 AND posts = 1"), "7001");
  EXPECT_EQ(database_->Run("SELECT tech FROM s"), name);
}

TEST_P(BoundSql, BindsNull) {
  const Outcome outcome =
      Run("sql = \"INSERT INTO s (id, tech, posts) VALUES ({{ .SessionID }}, {{ .TechName }}, {{ "
          ".x }})\"\n",
          Document({}));
  ASSERT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason << outcome.answer;
  EXPECT_EQ(database_->Run("SELECT id FROM s WHERE tech IS NULL AND posts IS NULL"), "7001");
}

TEST_P(BoundSql, RunsAListOfStatementsInOneTransaction) {
  const std::string list = R"toml(sql = [
    "INSERT INTO s (id, tech) VALUES ({{ .SessionID }}, 'a')",
    "UPDATE s SET tech = {{ .TechName }} WHERE id = {{ .SessionID }}",
    "INSERT INTO s (id) VALUES ({{ .Notes }})"]
)toml";
  EXPECT_EQ(Run(list, Document({{"TechName", "Ada"}, {"Notes", "7001"}})).kind, OutcomeKind::Dead);
  EXPECT_EQ(database_->Run("SELECT count(*) FROM s"), "0") << "part of it stayed";
  EXPECT_EQ(Run(list, Document({{"TechName", "Ada"}, {"Notes", "n"}})).kind, OutcomeKind::Done);
  EXPECT_EQ(database_->Run("SELECT tech FROM s WHERE id = '7001'"), "Ada");
}

TEST_P(BoundSql, AConstraintMakesTheDeliveryDeadAndNoValueIsSaid) {
  ConfiguredAction action(database_->keys() + kInsert);
  const Json document = Document({{"TechName", "Ada Example"}, {"WorkTime", "1"}});
  ASSERT_EQ(action.Run(document).kind, OutcomeKind::Done);
  const Outcome outcome = action.Run(document);
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.reason,
              testing::ContainsRegex("SQLSTATE 23|SQLite code 1555|SQLSTATE HY000"));
  EXPECT_THAT(outcome.reason, Not(HasSubstr("7001")));
  EXPECT_THAT(outcome.answer, testing::ContainsRegex("[uU]nique|UNIQUE|[dD]uplicate"));
  PostedSession other("7002");
  EXPECT_EQ(action.Run(other.Post({{"WorkTime", "1"}})).kind, OutcomeKind::Done) << "goes on";
}

TEST_P(BoundSql, ASecretThatTheDatabaseRepeatsIsMasked) {
  ConfiguredAction action(database_->keys() +
                          "sql = \"INSERT INTO s (id) VALUES ({{ $secret.db }})\"\n");
  ASSERT_EQ(action.Run(Document({})).kind, OutcomeKind::Done);
  const Outcome outcome = action.Run(Document({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.answer, testing::ContainsRegex("[*]{8}|UNIQUE"));
  EXPECT_THAT(outcome.reason + outcome.answer, Not(HasSubstr(kPassword)));
}

TEST_P(BoundSql, WhatTheDatabaseSaysIsCut) {
  ConfiguredAction action(database_->keys() +
                          "sql = \"INSERT INTO s (id, posts) VALUES ('a', {{ .Notes }})\"\n");
  const Outcome outcome = action.Run(Document({{"Notes", std::string(100'000, 'n')}}));
  EXPECT_LT(outcome.answer.size(), 5000u);
}

TEST_P(BoundSql, ASelectThatFindsSomethingIsDoneAsWell) {
  const std::string select =
      "sql = [\"SELECT id FROM s WHERE id = {{ .SessionID }}\", \"DELETE FROM s\"]\n";
  database_->Run("INSERT INTO s (id) VALUES ('7001')");
  const Outcome outcome = Run(select, Document({}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason << outcome.answer;
  EXPECT_EQ(database_->Run("SELECT count(*) FROM s"), "0");
}

TEST_P(BoundSql, AnExpressionThatFailsMakesTheDeliveryDead) {
  const Outcome outcome = Run("sql = \"INSERT INTO s (id) VALUES ({{ .Notes | tonumber }})\"\n",
                              Document({{"Notes", "x"}}));
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.reason, HasSubstr("sql"));
}

TEST(DatabaseAction, DescribesWithoutConnectingAndMasksSecrets) {
  for (const std::string url : {"postgresql://127.0.0.1:1/crm", "mysql://127.0.0.1:1/crm",
                                "sqlite:/nowhere/crm.db", "odbc:DSN=nowhere"}) {
    ConfiguredAction action("url = \"" + url +
                            "\"\nsql = \"INSERT INTO s VALUES ({{ .TechName }}, {{ $secret.db "
                            "}})\"\n");
    const auto preview = action.Describe(PostedSession().Post({{"TechName", "Ada"}}));
    ASSERT_TRUE(preview) << preview.error().message;
    EXPECT_THAT(preview->text, HasSubstr("INSERT INTO s VALUES ("));
    EXPECT_THAT(preview->text, HasSubstr("1: \"Ada\""));
    EXPECT_EQ(preview->json["statements"][0]["values"], Json::array({"Ada", "********"}));
    EXPECT_THAT(preview->text, Not(HasSubstr("s3cret")));
  }
}

TEST(DatabaseAction, RefusesAPasswordOfWhatWasPosted) {
  ConfiguredAction action(
      "url = \"postgresql://127.0.0.1:1/crm\"\ntable = \"t\"\npassword = \"{{ .Notes }}\"\n");
  const auto preview = action.Describe(PostedSession().Post({{"Notes", "x"}}));
  ASSERT_FALSE(preview);
  EXPECT_THAT(preview.error().message, HasSubstr("password: {{ .Notes }}: is null"));
}

TEST(DatabaseAction, SaysWhatOfItsAddressIsWrong) {
  ConfiguredAction action("url = \"postgresql://db/crm?sslmod=require\"\ntable = \"t\"\n");
  const auto preview = action.Describe(PostedSession().Post({}));
  ASSERT_FALSE(preview);
  EXPECT_THAT(preview.error().message, HasSubstr("sslmod"));
}

}  // namespace
}  // namespace relay::test
