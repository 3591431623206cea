#include "store/schema.h"

#include <gtest/gtest.h>

#include "store/sqlite_store.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

class SchemaTest : public testing::Test {
 protected:
  sql::Connection Connect() {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    if (!connection) throw std::runtime_error(connection.error().message);
    return std::move(*connection);
  }
  test::TempDir dir_;
  std::string path_ = dir_.path() / "relay.db";
};

TEST_F(SchemaTest, RefusesAStoreOfANewerProgramAndLeavesItAlone) {
  {
    auto connection = Connect();
    ASSERT_TRUE(MigrateSchema(connection).ok());
    ASSERT_TRUE(connection.ExecuteScript("PRAGMA user_version = 99").ok());
  }
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::Permanent);
  EXPECT_NE(store.error().message.find("newer rescue-relay"), std::string::npos);
}

TEST_F(SchemaTest, MigratesOnce) {
  const auto first = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  const auto second = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->store_id(), (*second)->store_id());
}

TEST_F(SchemaTest, AReaderDoesNotMigrate) {
  ASSERT_TRUE(Connect().ExecuteScript("PRAGMA user_version = 1"));
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadOnly);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::Permanent);
  EXPECT_NE(store.error().message.find("it migrates the store"), std::string::npos);
}

TEST_F(SchemaTest, AReaderIsToldOfAStoreThatIsBeingMade) {
  { auto connection = Connect(); }
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadOnly);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::Temporary);
  EXPECT_NE(store.error().message.find("is being made"), std::string::npos);
}

TEST_F(SchemaTest, AFileThatIsNoDatabaseIsCorrupt) {
  dir_.Write("relay.db", std::string(8192, 'x'));
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::Corrupt);
}

TEST_F(SchemaTest, AnOlderStoreIsMigratedWithAllItHolds) {
  {
    auto connection = Connect();
    ASSERT_TRUE(connection.ExecuteScript(
        test::ReadFile(RELAY_SOURCE_DIR "/tests/data/stores/version-1.sql")));
  }
  auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->store_id(), "0123456789abcdef");
  EXPECT_EQ((*store)->Totals()->schema_version, 9);
  EXPECT_EQ((*store)->Totals()->quarantined, 1);
  EXPECT_EQ((**(*store)->FindPost(PostId{2})).post.raw.body, "two");
  EXPECT_TRUE((*store)->FindDamage(DamageScope::Everything,
                                   [](const Damage& damage) { ADD_FAILURE() << damage.what; }));
  std::vector<PostId> newest;
  const auto list = [&](const SessionSummary& session) { newest.push_back(session.last_post); };
  ASSERT_TRUE((*store)->ListSessions({}, 0, list).ok());
  EXPECT_EQ(newest, std::vector{PostId{2}});

  const Time later{Duration{1'767'225'900'000}};
  const auto claim = (*store)->ClaimDue({.action = "crm", .lease = std::chrono::minutes(1)}, later);
  ASSERT_TRUE(claim && std::holds_alternative<Claim>(*claim));
  EXPECT_EQ(std::get<Claim>(*claim).delivery.id, DeliveryId{2});
  EXPECT_EQ(std::get<Claim>(*claim).attempt, 4);
}

// A delivery of a post that is gone, or a CRM that keeps its ID, must not meet another one.
TEST_F(SchemaTest, AMigrationDoesNotGiveTheIdsOfPostsThatAreGoneAgain) {
  {
    auto connection = Connect();
    ASSERT_TRUE(connection.ExecuteScript(
        test::ReadFile(RELAY_SOURCE_DIR "/tests/data/stores/version-1.sql") +
        "UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'post';"
        "DELETE FROM post; DELETE FROM delivery; DELETE FROM session;"));
  }
  auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_TRUE(store) << store.error().message;
  NewPost post;
  post.session_id = "s";
  post.plan = [](PostId, const SessionState& before, const ReadTranscript&) {
    return Result<Plan>(Plan{before, {}, {}});
  };
  const auto accepted = (*store)->Accept({&post, 1}).at(0);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->id, PostId{1001});
}

TEST_F(SchemaTest, AMigrationThatFailsLeavesTheStoreAsItWas) {
  {
    auto connection = Connect();
    ASSERT_TRUE(connection.ExecuteScript(
        test::ReadFile(RELAY_SOURCE_DIR "/tests/data/stores/version-1.sql")));
    ASSERT_TRUE(connection.ExecuteScript("CREATE TABLE action_circuit (in_the_way)"));
  }
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("migrate the store to version 2"), std::string::npos);
  auto connection = Connect();
  auto version = connection.Query("PRAGMA user_version");
  ASSERT_TRUE(*version->Step());
  EXPECT_EQ(version->Int(0), 1);
  EXPECT_TRUE(
      connection.Query("SELECT 1 FROM delivery INDEXED BY delivery_open"
                       " WHERE action = '' AND state <> 'done'"))
      << "a part of the migration stayed";
}

}  // namespace
}  // namespace relay
