// What is left in the files of a session that was erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "store/sqlite_store.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

class EraseTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteStore> Open() const {
    auto store = SqliteStore::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }
  void Post(const std::string& session, const std::string& text) {
    NewPost post;
    post.session_id = session;
    post.raw.body = text;
    post.plan = [text](PostId, const SessionState& before, const ReadTranscript&) -> Result<Plan> {
      Plan plan{before,
                {Event::Updated, EventSource::Inferred, text},
                {{"crm", Order::Session, OnDead::Skip, ""}}};
      ++plan.state.posts;
      plan.state.tracking0 = text.substr(0, 100);
      plan.state.held_tail = text.substr(0, 1000);
      return plan;
    };
    ASSERT_TRUE(store_->Accept({&post, 1}).at(0));
  }
  // One try that fails, and one that is done: what the other side said is not kept any more.
  void Deliver(const std::string& answer) {
    const Time now(std::chrono::days(20000));
    for (const DeliveryState state : {DeliveryState::Due, DeliveryState::Done}) {
      const auto claimed = store_->ClaimDue({"crm", 1, std::chrono::minutes(1)}, now);
      ASSERT_TRUE(claimed);
      const auto& claim = std::get<Claim>(*claimed);
      Finish finish;
      finish.id = claim.delivery.id;
      finish.attempt = claim.attempt;
      finish.state = state;
      finish.next_try = now;
      finish.answer = answer;
      ASSERT_TRUE(store_->Finish(finish, now));
    }
  }
  // In how many places of the files a text stands.
  std::size_t Places(const std::string& text) const {
    std::size_t places = 0;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      const std::string bytes = test::ReadFile(entry.path());
      for (std::size_t at = 0; (at = bytes.find(text, at)) != std::string::npos; ++at) ++places;
    }
    return places;
  }

  test::TempDir dir_;
  std::unique_ptr<SqliteStore> store_ = Open();
};

TEST_F(EraseTest, LeavesNoByteOfIt) {
  const auto another = Open();  // another process is at work
  for (int i = 0; i < 50; ++i) {
    for (const std::size_t size : {20u, 300u, 3000u, 30'000u}) {
      std::string secret;
      while (secret.size() < size) secret += "SECRET ";
      Post("secret", secret + std::to_string(i));
      Post("other" + std::to_string(i), "OTHER " + std::string(size, 'x') + std::to_string(i));
      Deliver("SECRET ANSWER");
      Deliver("SECRET ANSWER");
    }
  }
  NewQuarantined item{{}, "SECRET: x\n", "unreadable"};
  item.raw.body = "SECRET";
  const auto quarantined = store_->Quarantine({&item, 1}, Time{}).at(0);
  ASSERT_TRUE(quarantined);
  ASSERT_GT(Places("SECRET "), 1000u);
  const auto erased = store_->EraseSession("secret", {&*quarantined, 1}, "ada", Time{});
  ASSERT_TRUE(erased) << erased.error().message;
  EXPECT_TRUE(erased->overwritten);
  EXPECT_EQ(Places("SECRET SECRET"), 0u);
  EXPECT_EQ(Places("SECRET: x"), 0u);
  EXPECT_EQ(Places("SECRET ANSWER"), 0u);
  EXPECT_GE(Places("OTHER xxx"), 200u);
}

TEST_F(EraseTest, SaysWhereSomebodyStillReadsTheLog) {
  Post("secret", "SECRET");
  auto reader = sql::Connection::Open(dir_.path() / "relay.db", sql::OpenMode::ReadOnly);
  ASSERT_TRUE(reader);
  auto rows = reader->Query("SELECT body FROM post");
  ASSERT_TRUE(rows && rows->Step());
  const auto erased = store_->EraseSession("secret", {}, "ada", Time{});
  ASSERT_TRUE(erased);
  EXPECT_FALSE(erased->overwritten);
}

}  // namespace
}  // namespace relay
