// What is left in the files of a session that was erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

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
  // What nothing but the posts of a session has in the files: the ends of what is packed, with its
  // checksum, and pieces of where it is long.
  std::vector<std::string> TracesOf(const std::string& session) const {
    auto connection = sql::Connection::Open(dir_.path() / "relay.db", sql::OpenMode::ReadOnly);
    auto row = connection->Query("SELECT body, adds FROM post WHERE session_id = ?", session);
    std::vector<std::string> traces;
    while (*row->Step()) {
      for (const int column : {0, 1}) {
        const std::string packed = row->Text(column);
        for (std::size_t end = packed.size(); end >= 20; end -= std::min<std::size_t>(end, 2000)) {
          traces.push_back(packed.substr(end - 12, 12));
        }
      }
    }
    return traces;
  }
  std::string Files() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      bytes += test::ReadFile(entry.path());
    }
    return bytes;
  }
  static std::size_t Places(const std::string& text, const std::string& files) {
    std::size_t places = 0;
    for (std::size_t at = 0; (at = files.find(text, at)) != std::string::npos; ++at) ++places;
    return places;
  }

  test::TempDir dir_;
  std::unique_ptr<SqliteStore> store_ = Open();
};

TEST_F(EraseTest, LeavesNoByteOfIt) {
  const auto another = Open();  // another process is at work
  std::minstd_rand random(1);
  for (int i = 0; i < 20; ++i) {
    for (const std::size_t size : {20u, 300u, 3000u, 30'000u}) {
      std::string secret = "SECRET SECRET ";
      while (secret.size() < size) secret += static_cast<char>('!' + random() % 90);
      Post("secret", secret + std::to_string(i));
      Post("other" + std::to_string(i), "OTHER " + std::string(secret.rbegin(), secret.rend()));
      Deliver("SECRET ANSWER");
      Deliver("SECRET ANSWER");
    }
  }
  NewQuarantined item{{}, "SECRET: x\n", "unreadable"};
  item.raw.body = "SECRET";
  const auto quarantined = store_->Quarantine({&item, 1}, Time{}).at(0);
  ASSERT_TRUE(quarantined);
  const auto traces = TracesOf("secret");
  ASSERT_GT(traces.size(), 200u);
  const auto others = TracesOf("other7");
  ASSERT_GT(others.size(), 20u);
  const std::string before = Files();
  for (const std::string& trace : traces) ASSERT_NE(before.find(trace), before.npos);
  ASSERT_GT(Places("SECRET SECRET", before), 40u);  // short ones, and the session's row
  const auto erased = store_->EraseSession("secret", {&*quarantined, 1}, "ada", Time{});
  ASSERT_TRUE(erased) << erased.error().message;
  EXPECT_TRUE(erased->overwritten);
  const std::string after = Files();
  for (const std::string& trace : traces) EXPECT_EQ(after.find(trace), after.npos);
  EXPECT_EQ(Places("SECRET SECRET", after), 0u);
  EXPECT_EQ(Places("SECRET: x", after), 0u);
  EXPECT_EQ(Places("SECRET ANSWER", after), 0u);
  for (const std::string& trace : others) EXPECT_NE(after.find(trace), after.npos);
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
