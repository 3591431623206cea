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
  { auto connection = Connect(); }
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadOnly);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("it migrates the store"), std::string::npos);
}

TEST_F(SchemaTest, AFileThatIsNoDatabaseIsCorrupt) {
  dir_.Write("relay.db", std::string(8192, 'x'));
  const auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::Corrupt);
}

}  // namespace
}  // namespace relay
