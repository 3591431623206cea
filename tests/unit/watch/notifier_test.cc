#include "watch/notifier.h"

#include <filesystem>
#include <sstream>

#include "unit/watch/watch_fixture.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// `action` is what tells of alerts.
std::string Notifying(const std::string& action) {
  return R"(
[action.crm]
type = "exec"
argv = ["/bin/true"]
[notify]
action = "alerts"
every = "1h"
backlog = "2h"
[action.alerts]
)" + action;
}

constexpr const char* kFile = "type = \"file\"\npath = \"DIR/told/alerts.jsonl\"\n";

class NotifierTest : public WatchFixture {
 protected:
  NotifierTest() { fs::create_directory(dir_.path() / "told"); }

  void Look() { Look(notifier_); }
  void Look(Notifier& notifier) {
    const auto told = notifier.TellAll(clock_.Now());
    ASSERT_TRUE(told) << told.error().message;
  }

  // All that was told so far.
  std::vector<Json> Told() const {
    std::vector<Json> all;
    if (!fs::exists(dir_.path() / "told" / "alerts.jsonl")) return all;
    std::istringstream lines(test::ReadFile(dir_.path() / "told" / "alerts.jsonl"));
    for (std::string line; std::getline(lines, line);) all.push_back(Json::parse(line));
    return all;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const Json& told : Told()) {
      names.push_back(told["alert"].get<std::string>() + " " + ToText(told["count"]));
    }
    return names;
  }

  std::shared_ptr<const Config> config_ = Configure(Notifying(kFile));
  std::atomic<bool> stop_{false};
  Notifier notifier_{config_, *store_, captured_.log(), stop_};
};

TEST_F(NotifierTest, IsSilentWhereAllIsWell) {
  Post();
  End(DeliveryState::Done);
  Post();
  Look();
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_THAT(captured_.lines(), IsEmpty());
}

TEST_F(NotifierTest, TellsOfDeliveriesThatDied) {
  Die(2);
  Look();
  ASSERT_THAT(Told(), SizeIs(1));
  const Json told = Told().front();
  EXPECT_EQ(told["event"], "alert");
  EXPECT_EQ(told["alert"], "dead");
  EXPECT_EQ(told["action"], "crm");
  EXPECT_EQ(told["count"], 2);
  EXPECT_EQ(told["received_at"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(told["attempt"], 1);
  EXPECT_THAT(told["text"].get<std::string>(),
              AllOf(HasSubstr("2 deliveries of action crm are dead"),
                    HasSubstr("queue list --action crm --state dead")));
  EXPECT_THAT(captured_.lines(), ElementsAre("<6>msg=\"operators were notified\" alert=dead "
                                             "action=crm count=2"));
}

TEST_F(NotifierTest, TellsOfMoreDeathsWhenTheWindowIsOverAndNotOfTheSameAgain) {
  Die();
  Look();
  Die(2);
  clock_.Advance(minutes(59));
  Look();
  EXPECT_THAT(Names(), ElementsAre("dead 1"));
  clock_.Advance(minutes(1));
  Look();
  Look();
  clock_.Advance(hours(5));
  Look();
  EXPECT_THAT(Names(), ElementsAre("dead 1", "dead 3"));
}

TEST_F(NotifierTest, TellsOfDeathsAfterAnOperatorHasClearedTheOthers) {
  Die(3);
  Look();
  DeliveryFilter dead;
  dead.state = DeliveryState::Dead;
  ASSERT_TRUE(store_->Change(QueueChange::Drop, dead, clock_.Now()));
  Look();
  Die();
  clock_.Advance(hours(1));
  Look();
  EXPECT_THAT(Names(), ElementsAre("dead 3", "dead 1"));
}

TEST_F(NotifierTest, TellsOfAPauseAgainAndAgainAsLongAsItLasts) {
  Post();
  ASSERT_TRUE(store_->PauseAction("crm", "HTTP 401: the credentials were refused", clock_.Now()));
  Look();
  clock_.Advance(hours(1));
  Look();
  ASSERT_THAT(Names(), ElementsAre("paused 1", "paused 1"));
  EXPECT_THAT(Told()[1]["text"].get<std::string>(),
              AllOf(HasSubstr("HTTP 401"), HasSubstr("rescue-relay action resume crm")));
  EXPECT_EQ(Told()[1]["oldest_seconds"], 3600);
  ASSERT_TRUE(*store_->ResumeAction("crm"));
  clock_.Advance(minutes(59));
  Look();
  EXPECT_THAT(Told(), SizeIs(2));
}

TEST_F(NotifierTest, TellsOfABacklogThatIsTooOld) {
  Post();
  clock_.Advance(hours(1));
  Post();
  clock_.Advance(minutes(59));
  Look();
  EXPECT_THAT(Told(), IsEmpty());
  clock_.Advance(minutes(1));
  Look();
  ASSERT_THAT(Names(), ElementsAre("backlog 2"));
  EXPECT_EQ(Told()[0]["oldest_seconds"], 7200);
  EXPECT_THAT(Told()[0]["text"].get<std::string>(), HasSubstr("has waited for 2 h 0 min"));
}

TEST_F(NotifierTest, KeepsItsWindowOverARestart) {
  Die();
  Look();
  Die();
  Notifier restarted(config_, *store_, captured_.log(), stop_);
  Look(restarted);
  EXPECT_THAT(Told(), SizeIs(1));
  clock_.Advance(hours(1));
  Look(restarted);
  EXPECT_THAT(Names(), ElementsAre("dead 1", "dead 2"));
}

TEST_F(NotifierTest, IsOneOfAllProcesses) {
  Die();
  const auto other_store = Open();
  Notifier other(config_, *other_store, captured_.log(), stop_);
  Look();
  Look(other);
  EXPECT_THAT(Told(), SizeIs(1));
  const Notice none{.alert = "dead", .action = "crm"};
  EXPECT_FALSE(*other_store->ReplaceNotice(none, none)) << "what was seen before is void";
}

TEST_F(NotifierTest, SaysThatItFailedAndTriesUntilItIsTold) {
  fs::remove(dir_.path() / "told");
  Die();
  Look();
  Look();
  EXPECT_THAT(captured_.lines(),
              ElementsAre(AllOf(HasSubstr("<3>msg=\"operators could not be notified\" alert=dead "
                                          "action=crm count=1 by=alerts attempt=1 error="),
                                HasSubstr("next_try=2026-01-01T00:00:0"))));
  clock_.Advance(seconds(6));
  Look();
  EXPECT_THAT(captured_.lines(), Contains(HasSubstr("attempt=2")));
  fs::create_directory(dir_.path() / "told");
  clock_.Advance(seconds(12));
  Look();
  ASSERT_THAT(Names(), ElementsAre("dead 1"));
  EXPECT_EQ(Told()[0]["attempt"], 3);
  clock_.Advance(hours(2));
  Die();
  Look();
  ASSERT_THAT(Told(), SizeIs(2));
  EXPECT_EQ(Told()[1]["attempt"], 1) << "the next one begins anew";
  EXPECT_NE(Told()[0]["delivery_uuid"], Told()[1]["delivery_uuid"]);
}

TEST_F(NotifierTest, HasTheSameIdentityAtEveryTryOfANotification) {
  const auto config =
      Configure(Notifying("type = \"exec\"\nargv = [\"/bin/sh\", \"-c\","
                          " \"echo $RESCUE_RELAY_DELIVERY >> DIR/told/keys; exit 75\"]\n"));
  Notifier failing(config, *store_, captured_.log(), stop_);
  Die();
  Look(failing);
  clock_.Advance(seconds(10));
  Look(failing);
  std::istringstream keys(test::ReadFile(dir_.path() / "told" / "keys"));
  std::string first;
  std::string second;
  ASSERT_TRUE(std::getline(keys, first) && std::getline(keys, second));
  EXPECT_EQ(first, second);
}

TEST_F(NotifierTest, AnotherTellsWhereOneDiedMeanwhile) {
  Die();
  const Notice none{.alert = "dead", .action = "crm"};
  Notice claimed = none;
  claimed.attempts = 1;
  claimed.next_at = clock_.Now() + seconds(15);
  ASSERT_TRUE(*store_->ReplaceNotice(none, claimed));
  Look();
  EXPECT_THAT(Told(), IsEmpty()) << "it may be at work";
  clock_.Advance(seconds(15));
  Look();
  EXPECT_THAT(Told(), SizeIs(1));
}

TEST_F(NotifierTest, TellsThoughTheClockWasPutBack) {
  Die();
  Look();
  Die();
  clock_.Advance(-hours(24 * 365));
  Look();
  EXPECT_THAT(Names(), ElementsAre("dead 1", "dead 2"));
}

TEST_F(NotifierTest, DoesNotTellOfItself) {
  Post("alerts");  // from before it was to notify
  ASSERT_TRUE(store_->PauseAction("alerts", "by an operator", clock_.Now()));
  clock_.Advance(hours(9));
  Look();
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_THAT(captured_.lines(), IsEmpty());
}

TEST_F(NotifierTest, HoldsNothingThatWasPosted) {
  Die();
  Look();
  EXPECT_THAT(ToText(Told().front()), Not(HasSubstr("SessionID")));
}

}  // namespace
}  // namespace relay
