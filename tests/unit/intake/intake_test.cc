#include "intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <map>

#include "base/trace.h"
#include "store/sqlite_store.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() {
    fs::create_directory(folder_);
    auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    store_ = std::move(*store);
  }

  static Request PostOf(const std::string& body) {
    Request request;
    request.method = "POST";
    request.content_type = "application/x-www-form-urlencoded";
    request.body = body;
    return request;
  }

  std::vector<Reply> Handle(std::vector<Request> requests) {
    Intake intake(config_, *store_, clock_, captured_.log(), measurements_, {});
    return intake.Handle(requests);
  }

  static std::vector<int> StatusesOf(const std::vector<Reply>& replies) {
    std::vector<int> statuses;
    for (const Reply& reply : replies) statuses.push_back(reply.status);
    return statuses;
  }

  void RunSql(const std::string& script) {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection && connection->ExecuteScript(script));
  }

  test::TempDir dir_;
  fs::path folder_ = dir_.path() / "data";
  std::string path_ = folder_ / "relay.db";
  test::FakeClock clock_;
  test::CapturedLog captured_;
  Measurements measurements_;
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(IntakeTest, APostThatCannotBeStoredAsOneIsQuarantinedAndItsNeighboursAreStored) {
  RunSql(
      "CREATE TRIGGER refuse BEFORE INSERT ON post WHEN NEW.session_id = 'bad'"
      " BEGIN SELECT raise(ABORT, 'refused'); END");
  const auto replies = Handle({PostOf("SessionID=1"), PostOf("SessionID=bad&ChatLog=kept"),
                               PostOf("no=session"), PostOf("SessionID=2")});

  EXPECT_THAT(StatusesOf(replies), ElementsAre(200, 500, 422, 200));
  EXPECT_THAT(replies[1].text, HasSubstr("quarantined"));
  const auto kept = store_->FindQuarantined(QuarantineId{2});
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->raw.body, "SessionID=bad&ChatLog=kept");
  EXPECT_THAT((*kept)->reason, HasSubstr("refused"));
}

TEST_F(IntakeTest, AStoreThatIsGoneRefusesEveryPostForNow) {
  fs::rename(folder_, dir_.path() / "elsewhere");
  const auto replies = Handle({PostOf("SessionID=1"), PostOf("no=session")});
  EXPECT_THAT(StatusesOf(replies), ElementsAre(503, 503));
  EXPECT_THAT(replies[0].headers, ElementsAre(Pair("Retry-After", "30")));
}

TEST_F(IntakeTest, BelowMinFreeNothingIsStored) {
  config_->store.min_free = std::numeric_limits<std::uint64_t>::max();
  const auto replies = Handle({PostOf("SessionID=1"), PostOf("no=session")});
  EXPECT_THAT(StatusesOf(replies), ElementsAre(503, 503));
  EXPECT_EQ(store_->Totals()->posts_stored, 0);
  EXPECT_EQ(store_->Totals()->quarantined, 0);
}

TEST_F(IntakeTest, LogsALineForEachPostWithIdsAndSizesAndNothingThatWasPosted) {
  Request too_large = PostOf("");
  too_large.body_state = BodyState::TooLarge;
  too_large.remote_addr = "192.0.2.7";
  Handle({PostOf("SessionID=1&ChatLog=secret"), PostOf("SessionID=1&ChatLog=secret"),
          PostOf("no=session"), too_large});
  const std::string trace = TraceIdOf("", store_->store_id(), PostId{1});
  EXPECT_THAT(
      captured_.lines(),
      ElementsAre("<4>msg=\"request refused\" status=413"
                  " reason=\"the body is larger than [intake] max_body; nothing was stored\""
                  " remote_addr=192.0.2.7",
                  "<6>msg=\"post stored\" post_id=1 bytes=26 deliveries=0 trace_id=" + trace,
                  "<6>msg=\"post repeated\" post_id=1 bytes=26 deliveries=0 trace_id=" + trace,
                  "<4>msg=\"post quarantined\" quarantine_id=1 status=422 bytes=10 reason=\"no "
                  "SessionID\""));
}

TEST_F(IntakeTest, KeepsTheTraceThatAValidHeaderNames) {
  const std::string trace = "0af7651916cd43dd8448eb211c80319c";
  Request traced = PostOf("SessionID=1");
  traced.headers = {{"Host", "x"}, {"Traceparent", "00-" + trace + "-b7ad6b7169203331-01"}};
  Request unreadable = traced;
  unreadable.body = "no=session";
  Request wrong = PostOf("SessionID=2");
  wrong.headers = {{"Traceparent", "00-not-a-trace-01"}};
  Handle({traced, PostOf("SessionID=1"), wrong, unreadable});
  EXPECT_THAT(captured_.lines(),
              ElementsAre(EndsWith(" post_id=1 bytes=11 deliveries=0 trace_id=" + trace),
                          AllOf(HasSubstr("repeated"), EndsWith(" trace_id=" + trace)),
                          EndsWith("trace_id=" + TraceIdOf("", store_->store_id(), PostId{2})),
                          AllOf(HasSubstr("quarantined"), EndsWith(" trace_id=" + trace))));
  EXPECT_EQ((*store_->FindPost(PostId{1}))->post.raw.trace_id, trace);
  EXPECT_EQ((*store_->FindPost(PostId{2}))->post.raw.trace_id, "");
}

TEST_F(IntakeTest, MeasuresWhatItAnswersAndHowLongStoringTakes) {
  Handle({PostOf("SessionID=1"), PostOf("SessionID=2"), PostOf("no=session")});
  std::map<std::string, std::int64_t> counts;
  for (const Measured& one : measurements_.Take()) counts[one.metric + one.detail] += one.count;
  EXPECT_THAT(
      counts,
      ElementsAre(Pair("rescue_relay_accept_seconds", 2), Pair("rescue_relay_requests_total200", 2),
                  Pair("rescue_relay_requests_total422", 1), Pair("rescue_relay_sync_seconds", 1)));
}

TEST_F(IntakeTest, GivesNoPostToTheActionThatNotifies) {
  ActionConfig crm;
  crm.name = "crm";
  ActionConfig mail;
  mail.name = "mail";
  config_->actions = {crm, mail};
  config_->notify = NotifyConfig{};
  config_->notify->action = "mail";
  Handle({PostOf("SessionID=1")});
  std::vector<std::string> actions;
  ASSERT_TRUE(store_->ListDeliveries(
      {}, 0, [&](const Delivery& delivery) { actions.push_back(delivery.action); }));
  EXPECT_THAT(actions, ElementsAre("crm"));
}

TEST_F(IntakeTest, LogsNoLineForWhatGoesWellWhereNoneIsWanted) {
  config_->watch.log_posts = false;
  Handle({PostOf("SessionID=1"), PostOf("no=session")});
  EXPECT_THAT(captured_.lines(), ElementsAre(HasSubstr("post quarantined")));
}

}  // namespace
}  // namespace relay
