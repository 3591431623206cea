#include "intake/upkeep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite_store.h"
#include "support/deadline.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using std::chrono::days;
using testing::HasSubstr;

class UpkeepTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteStore> Open() {
    auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }
  // A post of a session of its own, with one delivery.
  void Accept(const std::string& session) {
    NewPost post;
    post.raw.body = session;
    post.raw.received_at = clock_.Now();
    post.session_id = session;
    post.plan = [now = clock_.Now()](PostId, SessionState state, const ReadTranscript&) {
      ++state.posts;
      state.first_post_at = state.last_post_at = now;
      return Result<Plan>(Plan{state, {}, {{"crm", {}, {}, ""}}});
    };
    ASSERT_TRUE(store_->Accept({&post, 1}).front());
  }
  void Deliver() {
    const auto answer =
        store_->ClaimDue({.action = "crm", .lease = std::chrono::minutes(1)}, clock_.Now());
    const auto& claim = std::get<Claim>(*answer);
    ASSERT_TRUE(store_->Finish({.id = claim.delivery.id, .attempt = claim.attempt, .error = ""},
                               clock_.Now()));
  }
  void Damage() {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection->ExecuteScript("UPDATE post SET body = CAST('?' AS BLOB) WHERE id = 1"));
  }
  std::vector<Delivery> Deliveries() {
    std::vector<Delivery> all;
    EXPECT_TRUE(store_->ListDeliveries({}, 0, [&](const Delivery& d) { all.push_back(d); }));
    return all;
  }
  std::size_t Sessions() {
    std::size_t count = 0;
    EXPECT_TRUE(store_->ListSessions({}, 0, [&](const SessionSummary&) { ++count; }));
    return count;
  }

  test::FakeClock clock_;
  test::TempDir dir_;
  std::string path_ = dir_.path() / "relay.db";
  std::unique_ptr<SqliteStore> store_ = Open();
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
  Log log_;
};

TEST_F(UpkeepTest, ADeliveryWhosePostIsDamagedIsDeadWithTheReasonAndTheOthersGoOn) {
  Accept("1");
  Accept("2");
  Damage();
  ASSERT_TRUE(SetDamagedAside(*store_, *config_, clock_.Now(), log_, {}));

  const auto deliveries = Deliveries();
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_EQ(deliveries[1].state, DeliveryState::Dead);
  EXPECT_THAT(deliveries[1].last_error, HasSubstr("post 1 is damaged in the store"));
  EXPECT_EQ(deliveries[0].state, DeliveryState::Due);
}

TEST_F(UpkeepTest, AStopEndsTheLookForDamage) {
  Accept("1");
  Damage();
  ASSERT_TRUE(SetDamagedAside(*store_, *config_, clock_.Now(), log_, [] { return true; }));
  EXPECT_EQ(Deliveries()[0].state, DeliveryState::Due);
}

TEST_F(UpkeepTest, WhatIsDoneAndTooOldGoesAndNothingElse) {
  Accept("old and done");
  Deliver();
  Accept("old, not delivered");
  clock_.Advance(days(91));
  Accept("new");
  ASSERT_TRUE(ApplyRetention(*store_, *config_, clock_.Now(), log_, [] { return false; }));
  EXPECT_EQ(Sessions(), 2U);
  EXPECT_EQ(Deliveries().size(), 2U);
}

TEST_F(UpkeepTest, APauseThatSaysSoEndsTheRemovalAfterABatch) {
  for (int i = 0; i < 250; ++i) {
    Accept(std::to_string(i));
    Deliver();
  }
  clock_.Advance(days(91));
  ASSERT_TRUE(ApplyRetention(*store_, *config_, clock_.Now(), log_, [] { return true; }));
  EXPECT_EQ(Sessions(), 150U);
  ASSERT_TRUE(ApplyRetention(*store_, *config_, clock_.Now(), log_, [] { return false; }));
  EXPECT_EQ(Sessions(), 0U);
}

TEST_F(UpkeepTest, DoesBothInAThreadOfItsOwn) {
  Accept("old and done");
  Deliver();
  clock_.Advance(days(91));
  Accept("new");
  ASSERT_TRUE(sql::Connection::Open(path_, sql::OpenMode::ReadWrite)
                  ->ExecuteScript("UPDATE post SET body = CAST('?' AS BLOB) WHERE id = 2"));
  Upkeep upkeep(config_, Open(), clock_, log_);
  upkeep.Start();
  ASSERT_TRUE(test::Deadline(std::chrono::seconds(20)).Until([&] { return Sessions() == 1; }));
  EXPECT_EQ(Deliveries()[0].state, DeliveryState::Dead);
}

}  // namespace
}  // namespace relay
