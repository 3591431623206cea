#include "sql/connection.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace relay::sql {
namespace {

class ConnectionTest : public testing::Test {
 protected:
  Connection Open(OpenMode mode = OpenMode::ReadWrite) {
    auto connection = Connection::Open(dir_.path() / "test.db", mode);
    if (!connection) throw std::runtime_error(connection.error().message);
    return std::move(*connection);
  }
  std::int64_t Count(Connection& connection) {
    auto query = connection.Query("SELECT count(*) FROM t");
    EXPECT_TRUE(query && *query->Step());
    return query->Int(0);
  }
  test::TempDir dir_;
};

TEST_F(ConnectionTest, ATransactionThatIsNotCommittedLeavesNothing) {
  auto connection = Open();
  ASSERT_TRUE(connection.ExecuteScript("CREATE TABLE t (a)").ok());
  {
    auto transaction = Transaction::Begin(connection);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(connection.Execute("INSERT INTO t VALUES (?)", 1).ok());
  }
  EXPECT_EQ(Count(connection), 0);
  {
    auto transaction = Transaction::Begin(connection);
    ASSERT_TRUE(connection.Execute("INSERT INTO t VALUES (?)", 1).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  EXPECT_EQ(Count(connection), 1);
}

TEST_F(ConnectionTest, APartOfATransactionIsUndoneByItself) {
  auto connection = Open();
  ASSERT_TRUE(connection.ExecuteScript("CREATE TABLE t (a)").ok());
  auto transaction = Transaction::Begin(connection);
  ASSERT_TRUE(connection.Execute("INSERT INTO t VALUES (1)").ok());
  {
    auto part = Transaction::Begin(connection);
    ASSERT_TRUE(connection.Execute("INSERT INTO t VALUES (2)").ok());
  }
  {
    auto part = Transaction::Begin(connection);
    ASSERT_TRUE(connection.Execute("INSERT INTO t VALUES (3)").ok());
    ASSERT_TRUE(part->Commit().ok());
  }
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(Count(connection), 2);
}

TEST_F(ConnectionTest, KeepsTextAndBytesExactly) {
  auto connection = Open();
  ASSERT_TRUE(connection.ExecuteScript("CREATE TABLE t (a, b, c)").ok());
  const std::string bytes("\0\xff\x01", 3);
  ASSERT_TRUE(connection
                  .Execute("INSERT INTO t VALUES (?, ?, ?)", std::string("Zoë\0x", 6), Blob{bytes},
                           std::optional<std::int64_t>())
                  .ok());
  auto query = connection.Query("SELECT a, b, c FROM t");
  ASSERT_TRUE(*query->Step());
  EXPECT_EQ(query->Text(0), std::string("Zoë\0x", 6));
  EXPECT_EQ(query->Text(1), bytes);
  EXPECT_TRUE(query->IsNull(2));
}

TEST_F(ConnectionTest, SyncsEveryCommit) {
  auto connection = Open();
  auto query = connection.Query("PRAGMA synchronous");
  ASSERT_TRUE(*query->Step());
  EXPECT_EQ(query->Int(0), 2) << "FULL";
  auto journal = connection.Query("PRAGMA journal_mode");
  ASSERT_TRUE(*journal->Step());
  EXPECT_EQ(journal->Text(0), "wal");
}

TEST_F(ConnectionTest, AReaderCannotWriteAndMakesNoFile) {
  EXPECT_FALSE(Connection::Open(dir_.path() / "test.db", OpenMode::ReadOnly).ok());
  ASSERT_TRUE(Open().ExecuteScript("CREATE TABLE t (a)").ok());
  auto reader = Open(OpenMode::ReadOnly);
  EXPECT_FALSE(reader.Execute("INSERT INTO t VALUES (1)").ok());
}

TEST_F(ConnectionTest, ErrorsSayWhatTheCallerCanDo) {
  auto connection = Open();
  const auto wrong = connection.Execute("SELECT nothing FROM nowhere");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::Permanent);
  const auto missing = Connection::Open(dir_.path() / "no" / "test.db", OpenMode::ReadWrite);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::Temporary);
}

}  // namespace
}  // namespace relay::sql
