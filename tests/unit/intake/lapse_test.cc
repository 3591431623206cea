// Sessions that never end, from posts to deliveries.
#include "intake/lapse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "decode/decode.h"
#include "intake/intake.h"
#include "store/sqlite_store.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using std::chrono::days;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LapseTest : public testing::Test {
 protected:
  LapseTest() {
    config_->session.give_up = days(14);
    ActionConfig crm;
    crm.name = "crm";
    crm.when = PlacedExpression{"when", 1, ".event == \"lapsed\" and .Tracking0 == \"CASE-1\""};
    config_->actions.push_back(crm);
  }

  void Post(const std::string& form) {
    Intake intake(config_, *store_, clock_, captured_.log(), measurements_, {});
    PostTo(intake, form);
  }
  static void PostTo(Intake& intake, const std::string& form) {
    Request request;
    request.method = "POST";
    request.content_type = "application/x-www-form-urlencoded";
    request.body = form;
    ASSERT_EQ(intake.Handle({&request, 1}).front().status, 200);
  }
  void EndSilentSessions() {
    const auto ended = relay::EndSilentSessions(*store_, config_, clock_.Now(), captured_.log());
    ASSERT_TRUE(ended) << ended.error().message;
  }
  std::vector<std::string> Events(const std::string& session = "1") {
    std::vector<std::string> events;
    const auto add = [&](const PostSummary& post) { events.emplace_back(EventName(post.event)); };
    EXPECT_TRUE(store_->ListPostsOf(session, add));
    return events;
  }
  std::vector<PostId> Delivered() {
    std::vector<PostId> posts;
    const auto add = [&](const Delivery& delivery) { posts.push_back(delivery.post); };
    EXPECT_TRUE(store_->ListDeliveries({}, 0, add));
    return posts;
  }
  SessionState Session() { return **store_->FindSession("1"); }

  test::FakeClock clock_;
  test::TempDir dir_;
  test::CapturedLog captured_;
  Measurements measurements_;
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
  std::unique_ptr<SqliteStore> store_ =
      std::move(*SqliteStore::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite));
};

TEST_F(LapseTest, IsRaisedOnceForASessionThatFellSilentAndDelivered) {
  Post("SessionID=1&Tracking0=CASE-1&ChatLog=9:00+AM+hello&CField1=42");
  clock_.Advance(days(14));
  EndSilentSessions();
  EXPECT_THAT(Events(), ElementsAre("started")) << "not before its time is over";
  clock_.Advance(std::chrono::seconds(1));
  EndSilentSessions();
  EndSilentSessions();

  EXPECT_THAT(Events(), ElementsAre("started", "lapsed"));
  EXPECT_THAT(Delivered(), ElementsAre(PostId{2}));
  EXPECT_TRUE(Session().lapsed);
  EXPECT_FALSE(Session().closed);
  EXPECT_EQ(*store_->Transcript("1", PostId{2}), "9:00 AM hello\n");
  EXPECT_THAT(captured_.lines(),
              ElementsAre(HasSubstr("post stored"), HasSubstr("1 sessions have lapsed")));
}

TEST_F(LapseTest, HasTheVariablesOfTheNewestPostExactly) {
  Post("SessionID=1&Tracking0=CASE-1&TechName=Zo%C3%AB+%26+Co%0A%2B%25&X=1&X=2&ChatLog=x&Empty=");
  clock_.Advance(days(15));
  EndSilentSessions();
  const auto lapse = store_->FindPost(PostId{2});
  ASSERT_TRUE(lapse && *lapse);
  const auto fields = Decode((*lapse)->post.raw);

  ASSERT_TRUE(fields);
  EXPECT_EQ(*fields->Find("TechName"), "Zoë & Co\n+%");
  EXPECT_EQ(*fields->Find("Empty"), "");
  EXPECT_EQ(fields->Find("ChatLog"), nullptr);
  EXPECT_THAT(fields->all(), Contains(Field{"X", "2"}));
}

TEST_F(LapseTest, IsNotRaisedForASessionThatIsClosedOrGoesOn) {
  Post("SessionID=1&Tracking0=CASE-1&ClosingTime=2026-01-01");
  Post("SessionID=2&Tracking0=CASE-1");
  clock_.Advance(days(10));
  Post("SessionID=2&Tracking0=CASE-1&Notes=still+here");
  clock_.Advance(days(10));
  EndSilentSessions();

  EXPECT_THAT(Events("1"), ElementsAre("closed"));
  EXPECT_THAT(Events("2"), ElementsAre("started", "updated"));
  EXPECT_THAT(Delivered(), IsEmpty());
}

TEST_F(LapseTest, IsRaisedAgainWhereTheSessionWentOnAndFellSilentAgain) {
  Post("SessionID=1&Tracking0=CASE-1");
  clock_.Advance(days(15));
  EndSilentSessions();
  Post("SessionID=1&Tracking0=CASE-1&Notes=back");
  EXPECT_FALSE(Session().lapsed);
  clock_.Advance(days(15));
  EndSilentSessions();

  EXPECT_THAT(Events(), ElementsAre("started", "lapsed", "updated", "lapsed"));
}

TEST_F(LapseTest, IsRaisedOnceByTwoProcesses) {
  Post("SessionID=1&Tracking0=CASE-1");
  clock_.Advance(days(15));
  auto other = SqliteStore::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite);
  ASSERT_TRUE(relay::EndSilentSessions(**other, config_, clock_.Now(), captured_.log()));
  EndSilentSessions();

  EXPECT_THAT(Events(), ElementsAre("started", "lapsed"));
}

TEST_F(LapseTest, IsNeverRaisedBehindAPostThatComesMeanwhile) {
  constexpr int kSessions = 100;
  const auto form = [](int session) { return "SessionID=" + std::to_string(session); };
  Intake first(config_, *store_, clock_, captured_.log(), measurements_, {});
  for (int i = 1; i <= kSessions; ++i) PostTo(first, form(i));
  clock_.Advance(days(15));
  auto other = std::move(*SqliteStore::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite));
  std::thread sender([&] {
    Intake second(config_, *other, clock_, captured_.log(), measurements_, {});
    for (int i = 1; i <= kSessions; ++i) PostTo(second, form(i) + "&Notes=still+here");
  });
  EndSilentSessions();
  sender.join();

  for (int i = 1; i <= kSessions; ++i) {
    EXPECT_EQ(Events(std::to_string(i)).back(), "updated") << "session " << i;
  }
}

TEST_F(LapseTest, IsNotRaisedUnlessItIsAskedFor) {
  config_->session.give_up.reset();
  Post("SessionID=1&Tracking0=CASE-1");
  clock_.Advance(days(1000));
  EndSilentSessions();

  EXPECT_THAT(Events(), ElementsAre("started"));
}

TEST_F(LapseTest, OfADamagedPostIsLeftAndOthersGoOn) {
  Post("SessionID=1&Tracking0=CASE-1");
  Post("SessionID=2&Tracking0=CASE-1");
  auto connection = sql::Connection::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite);
  ASSERT_TRUE(connection->ExecuteScript("UPDATE post SET body = CAST('?' AS BLOB) WHERE id = 1"));
  clock_.Advance(days(15));
  EndSilentSessions();

  EXPECT_THAT(Events("1"), ElementsAre("started"));
  EXPECT_THAT(Events("2"), ElementsAre("started", "lapsed"));
  EXPECT_THAT(captured_.lines(), Contains(HasSubstr("post 1 is damaged")));
}

}  // namespace
}  // namespace relay
