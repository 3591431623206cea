// A change of many deliveries that fails in the middle: which of them it has reached tells in which
// order it goes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite_store.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::HasSubstr;

constexpr int kMany = 700;

class ChangeTest : public testing::Test {
 protected:
  void Fill(const std::string& dead_reason) {
    ASSERT_TRUE(store_);
    std::vector<NewPost> posts(kMany);
    for (int i = 0; i < kMany; ++i) {
      posts[static_cast<std::size_t>(i)].raw.body = std::to_string(i);
      posts[static_cast<std::size_t>(i)].session_id = std::to_string(i);
      posts[static_cast<std::size_t>(i)].plan = [&](PostId, const SessionState& before,
                                                    const ReadTranscript&) {
        return Result<Plan>(Plan{before, {}, {{"crm", Order::Session, OnDead::Skip, dead_reason}}});
      };
    }
    for (const auto& accepted : (*store_)->Accept(posts)) ASSERT_TRUE(accepted.ok());
  }

  // From now on a change of this delivery fails.
  void Protect(const std::string& what, int id) {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection &&
                connection
                    ->ExecuteScript("CREATE TRIGGER protect BEFORE " + what +
                                    " ON delivery WHEN OLD.id = " + std::to_string(id) +
                                    " BEGIN SELECT RAISE(ABORT, 'protected'); END")
                    .ok());
  }

  std::vector<std::int64_t> In(DeliveryState state) {
    std::vector<std::int64_t> ids;
    EXPECT_TRUE((*store_)
                    ->ListDeliveries({{}, {}, {}, state}, 0,
                                     [&](const Delivery& d) { ids.push_back(d.id.value); })
                    .ok());
    return ids;
  }

  // Fails after a whole batch, and gives back what it says.
  std::string FailToChange(QueueChange change) {
    const auto changed = (*store_)->Change(change, {}, Time{});
    EXPECT_FALSE(changed.ok());
    return changed ? "" : changed.error().message;
  }

  test::TempDir dir_;
  std::string path_ = dir_.path() / "relay.db";
  Result<std::unique_ptr<SqliteStore>> store_ = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
};

TEST_F(ChangeTest, RetryHoldAndReleaseGoOldestFirstAndKeepWhatWasDone) {
  struct Row {
    QueueChange change;
    DeliveryState to;
  };
  Fill("dead from the start");
  for (const Row& row :
       {Row{QueueChange::Retry, DeliveryState::Due}, Row{QueueChange::Hold, DeliveryState::Held},
        Row{QueueChange::Release, DeliveryState::Due}}) {
    Protect("UPDATE", kMany);
    EXPECT_THAT(FailToChange(row.change), HasSubstr("after 500 deliveries"));
    const auto changed = In(row.to);
    ASSERT_EQ(changed.size(), 500u);
    EXPECT_EQ(changed.front(), 500);
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection->ExecuteScript("DROP TRIGGER protect").ok());
    ASSERT_TRUE((*store_)->Change(row.change, {}, Time{}).ok());
  }
}

TEST_F(ChangeTest, DropGoesNewestFirstAndKeepsWhatWasDone) {
  Fill("");
  Protect("DELETE", 1);
  EXPECT_THAT(FailToChange(QueueChange::Drop), HasSubstr("after 500 deliveries"));
  const auto left = In(DeliveryState::Due);
  ASSERT_EQ(left.size(), 200u);
  EXPECT_EQ(left.front(), 200);
}

}  // namespace
}  // namespace relay
