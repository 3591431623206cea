// What every store must do. Each test runs on each kind of store.
#include "store/store.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using std::chrono::hours;
using testing::ElementsAre;

TEST_P(StoreTest, KeepsAPostWithItsBytesAndItsSession) {
  NewPost post = Post("s1", std::string("a\0b", 3));
  post.raw.endpoint = "closed";
  post.raw.query = "q=1";
  post.raw.remote_addr = "192.0.2.1";
  post.raw.remote_user = "rescue";
  const Accepted accepted = AcceptOne(post);

  const auto found = place_->Open()->FindPost(accepted.id);
  ASSERT_TRUE(found && *found);
  const RawPost& raw = (*found)->post.raw;
  EXPECT_EQ(raw.body, std::string("a\0b", 3));
  EXPECT_EQ(raw.endpoint, "closed");
  EXPECT_EQ(raw.query, "q=1");
  EXPECT_EQ(raw.remote_addr, "192.0.2.1");
  EXPECT_EQ(raw.remote_user, "rescue");
  EXPECT_EQ(raw.received_at, clock_.Now());
  EXPECT_EQ((*found)->post.session_id, "s1");
  EXPECT_EQ((*found)->session.posts, 1);
}

TEST_P(StoreTest, AnswersAnExactRepeatWithTheFirstPostAndStoresNothing) {
  const Accepted first = AcceptOne(Post("s1", "body"));
  const Accepted again = AcceptOne(Post("s1", "body"));

  EXPECT_FALSE(first.repeat);
  EXPECT_TRUE(again.repeat);
  EXPECT_EQ(first.id, again.id);
  EXPECT_EQ(CountPosts(), 1u);
  EXPECT_EQ(Deliveries().size(), 1u);
}

TEST_P(StoreTest, FindsARepeatWithinOneBatch) {
  const std::vector<NewPost> batch{Post("s1", "body"), Post("s1", "body")};
  const auto results = store_->Accept(batch);

  ASSERT_TRUE(results[0] && results[1]);
  EXPECT_EQ(results[0]->id, results[1]->id);
  EXPECT_EQ(CountPosts(), 1u);
}

TEST_P(StoreTest, OnePostThatCannotBePlannedDoesNotFailItsNeighbours) {
  std::vector<NewPost> batch{Post("s1", "one"), Post("s1", "two"), Post("s1", "three")};
  batch[1].plan = [](PostId, const SessionState&, const ReadTranscript&) {
    return Result<Plan>(Error{ErrorKind::Temporary, "no plan"});
  };
  const auto results = store_->Accept(batch);

  EXPECT_TRUE(results[0].ok());
  EXPECT_FALSE(results[1].ok());
  EXPECT_TRUE(results[2].ok());
  EXPECT_EQ(CountPosts(), 2u);
  EXPECT_EQ(results[2]->id.value, results[0]->id.value + 1) << "the failed one left a trace";
}

TEST_P(StoreTest, GivesEachPostTheStateThatThePostBeforeLeft) {
  AcceptOne(Post("s1", "one"));
  NewPost second = Post("s1", "two");
  std::int64_t seen = -1;
  std::string transcript;
  second.plan = [&](PostId, const SessionState& before, const ReadTranscript& read) {
    seen = before.posts;
    transcript = *read();
    return Result<Plan>(Plan{before, {}, {}});
  };
  AcceptOne(second);

  EXPECT_EQ(seen, 1);
  EXPECT_EQ(transcript, "one\n");
}

TEST_P(StoreTest, ReadsTheTranscriptUpToAPost) {
  const PostId first = AcceptOne(Post("s1", "one")).id;
  AcceptOne(Post("s2", "other"));
  const PostId second = AcceptOne(Post("s1", "two")).id;

  EXPECT_EQ(*store_->Transcript("s1", first), "one\n");
  EXPECT_EQ(*store_->Transcript("s1", second), "one\ntwo\n");
}

TEST_P(StoreTest, DeliversTheNextPostOfASessionOnlyAfterTheOneBefore) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto first = ClaimNow(*store_);
  ASSERT_TRUE(first);
  EXPECT_FALSE(ClaimNow(*store_)) << "the second overtook the first";

  End(*first, DeliveryState::Due);
  EXPECT_FALSE(ClaimNow(*store_)) << "the second overtook the first while it waits for a retry";

  clock_.Advance(seconds(5));
  const auto again = ClaimNow(*store_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->delivery.id, first->delivery.id);
  EXPECT_EQ(again->attempt, 2);
  End(*again, DeliveryState::Done);
  const auto second = ClaimNow(*store_);
  ASSERT_TRUE(second);
  EXPECT_GT(second->delivery.id, first->delivery.id);
}

TEST_P(StoreTest, DeliversSessionsAndActionsIndependently) {
  AcceptOne(Post("s1", "one", {{"crm", {}, {}, ""}, {"mail", {}, {}, ""}}));
  AcceptOne(Post("s2", "two"));

  EXPECT_TRUE(ClaimNow(*store_, "crm"));
  EXPECT_TRUE(ClaimNow(*store_, "crm"));
  EXPECT_TRUE(ClaimNow(*store_, "mail"));
}

TEST_P(StoreTest, UnorderedDeliveriesDoNotWaitForEachOther) {
  const std::vector<NewDelivery> unordered{{"crm", Order::None, OnDead::Skip, ""}};
  AcceptOne(Post("s1", "one", unordered));
  AcceptOne(Post("s1", "two", unordered));

  EXPECT_TRUE(ClaimNow(*store_));
  EXPECT_TRUE(ClaimNow(*store_));
}

TEST_P(StoreTest, ADeadDeliveryLetsTheNextGoOrHoldsItAsConfigured) {
  for (const OnDead on_dead : {OnDead::Skip, OnDead::Hold}) {
    const std::string session = on_dead == OnDead::Skip ? "skips" : "holds";
    AcceptOne(Post(session, session + "1"));
    AcceptOne(Post(session, session + "2"));
    End(*ClaimNow(*store_), DeliveryState::Dead, on_dead);

    EXPECT_EQ(ClaimNow(*store_).has_value(), on_dead == OnDead::Skip);
  }
}

TEST_P(StoreTest, ADeliveryThatIsDeadFromTheStartIsKeptWithItsReason) {
  AcceptOne(Post("s1", "one", {{"crm", Order::Session, OnDead::Skip, "when: failed"}}));

  EXPECT_FALSE(ClaimNow(*store_));
  const auto all = Deliveries();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].state, DeliveryState::Dead);
  EXPECT_EQ(all[0].last_error, "when: failed");
}

TEST_P(StoreTest, ALapsedClaimIsTakenOverAndTheLateFinisherChangesNothing) {
  AcceptOne(Post("s1", "one"));
  const auto first = ClaimNow(*store_);
  EXPECT_FALSE(ClaimNow(*store_));
  clock_.Advance(minutes(1));
  auto other = place_->Open();
  const auto second = ClaimNow(*other);

  ASSERT_TRUE(second);
  EXPECT_EQ(second->attempt, 2);
  EXPECT_EQ(End(*first, DeliveryState::Done), FinishResult::LostClaim);
  EXPECT_EQ(Deliveries()[0].state, DeliveryState::Claimed);
  EXPECT_EQ(End(*second, DeliveryState::Done), FinishResult::Recorded);
  EXPECT_EQ(Deliveries()[0].state, DeliveryState::Done);
}

TEST_P(StoreTest, AClockThatGoesForwardLosesNothing) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto first = ClaimNow(*store_);
  clock_.Advance(hours(24));
  const auto second = ClaimNow(*store_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->delivery.id, first->delivery.id);
  EXPECT_EQ(End(*second, DeliveryState::Done), FinishResult::Recorded);
  EXPECT_TRUE(ClaimNow(*store_));
}

TEST_P(StoreTest, HoldsTheConcurrencyOfAnActionOverAllClaimers) {
  for (const char* session : {"s1", "s2", "s3"}) AcceptOne(Post(session, session));
  auto other = place_->Open();

  EXPECT_TRUE(ClaimNow(*store_, "crm", 2));
  EXPECT_TRUE(ClaimNow(*other, "crm", 2));
  EXPECT_FALSE(ClaimNow(*store_, "crm", 2));
  EXPECT_FALSE(ClaimNow(*other, "crm", 2));
}

TEST_P(StoreTest, SaysWhenTheNextDeliveryIsDue) {
  const std::vector<std::string> actions{"crm"};
  EXPECT_EQ(*store_->NextDue(actions), std::nullopt);
  AcceptOne(Post("s1", "one"));
  EXPECT_EQ(*store_->NextDue(actions), clock_.Now());
  End(*ClaimNow(*store_), DeliveryState::Due, OnDead::Skip, minutes(7));
  EXPECT_EQ(*store_->NextDue(actions), clock_.Now() + minutes(7));
}

TEST_P(StoreTest, RetryRevivesADeadDeliveryBeforeLaterOnesOfItsSession) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  AcceptOne(Post("s1", "three"));
  const auto first = ClaimNow(*store_);
  End(*first, DeliveryState::Dead);
  const auto second = ClaimNow(*store_);
  EXPECT_EQ(*store_->Change(QueueChange::Retry, {{first->delivery.id}, {}, {}, {}}, clock_.Now()),
            1);

  EXPECT_FALSE(ClaimNow(*store_)) << "two of one session at a time";
  End(*second, DeliveryState::Due);
  const auto next = ClaimNow(*store_);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->delivery.id, first->delivery.id);
  clock_.Advance(seconds(5));
  EXPECT_FALSE(ClaimNow(*store_)) << "the later one is due again, but not at the head";
  End(*next, DeliveryState::Done);
  EXPECT_EQ(ClaimNow(*store_)->delivery.id, second->delivery.id);
}

TEST_P(StoreTest, RetryMakesAWaitingDeliveryDueNowAndLeavesDoneOnesAlone) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s2", "two"));
  End(*ClaimNow(*store_), DeliveryState::Due, OnDead::Skip, minutes(7));
  End(*ClaimNow(*store_), DeliveryState::Done);

  EXPECT_EQ(*store_->Change(QueueChange::Retry, {}, clock_.Now()), 1);
  EXPECT_TRUE(ClaimNow(*store_));
  EXPECT_FALSE(ClaimNow(*store_));
}

TEST_P(StoreTest, DropRemovesADeliveryAndLetsTheNextGo) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto first = ClaimNow(*store_);
  const DeliveryFilter filter{{first->delivery.id}, {}, {}, {}};
  EXPECT_EQ(*store_->Change(QueueChange::Drop, filter, clock_.Now()), 0) << "it is under way";
  End(*first, DeliveryState::Dead, OnDead::Hold);
  EXPECT_FALSE(ClaimNow(*store_));
  EXPECT_EQ(*store_->Change(QueueChange::Drop, filter, clock_.Now()), 1);

  EXPECT_EQ(Deliveries().size(), 1u);
  EXPECT_TRUE(ClaimNow(*store_));
}

TEST_P(StoreTest, ReplayGivesAPostNewDeliveries) {
  const PostId post = AcceptOne(Post("s1", "one")).id;
  End(*ClaimNow(*store_), DeliveryState::Done);
  const std::vector<NewDelivery> again{{"crm", Order::Session, OnDead::Skip, ""}};
  const auto replayed = store_->Replay(post, again, clock_.Now());

  ASSERT_TRUE(replayed);
  EXPECT_EQ(ClaimNow(*store_)->delivery.id, replayed->front());
  EXPECT_FALSE(store_->Replay(PostId{99}, again, clock_.Now()).ok());
}

TEST_P(StoreTest, PausesAndResumesActions) {
  EXPECT_TRUE(store_->PauseAction("crm", "HTTP 401", clock_.Now()).ok());
  EXPECT_TRUE(store_->PauseAction("crm", "later", clock_.Now()).ok());
  const auto paused = place_->Open()->PausedActions();
  ASSERT_EQ(paused->size(), 1u);
  EXPECT_EQ(paused->front().reason, "HTTP 401") << "the first reason is the one to mend";
  EXPECT_TRUE(*store_->ResumeAction("crm"));
  EXPECT_FALSE(*store_->ResumeAction("crm"));
}

TEST_P(StoreTest, QuarantinesBytesOnce) {
  RawPost raw;
  raw.body = "<broken";
  const std::vector<NewQuarantined> items{{raw, "Host: x\n", "no XML"},
                                          {raw, "Host: x\n", "no XML"}};
  const auto ids = store_->Quarantine(items, clock_.Now());
  ASSERT_TRUE(ids[0] && ids[1]);
  EXPECT_EQ(*ids[0], *ids[1]);

  std::vector<QuarantinedSummary> listed;
  EXPECT_TRUE(
      store_->ListQuarantined(0, [&](const QuarantinedSummary& q) { listed.push_back(q); }).ok());
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].size, 7);
  EXPECT_EQ(listed[0].reason, "no XML");
  const auto found = store_->FindQuarantined(listed[0].id);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->raw.body, "<broken");
  EXPECT_EQ((*found)->headers, "Host: x\n");
  EXPECT_EQ((*found)->reason, "no XML");
  EXPECT_FALSE(*store_->FindQuarantined(QuarantineId{99}));
}

TEST_P(StoreTest, ListsTheNewestFirstUpToTheLimitAndFilters) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s2", "two", {{"mail", {}, {}, ""}}));
  AcceptOne(Post("s3", "three"));
  std::vector<std::string> sessions;
  EXPECT_TRUE(
      store_->ListPosts(2, [&](const PostSummary& p) { sessions.push_back(p.session_id); }).ok());
  EXPECT_THAT(sessions, ElementsAre("s3", "s2"));

  EXPECT_EQ(Deliveries({{}, "mail", {}, {}}).size(), 1u);
  EXPECT_EQ(Deliveries({{}, "crm", "s3", DeliveryState::Due}).size(), 1u);
  EXPECT_EQ(Deliveries({{}, {}, {}, DeliveryState::Done}).size(), 0u);
}

TEST_P(StoreTest, KeepsItsIdentity) {
  EXPECT_FALSE(store_->store_id().empty());
  EXPECT_EQ(store_->store_id(), place_->Open()->store_id());
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, EveryStore(), NameOfKind);

TEST_P(StoreTest, SeveralWritersAtOnceLoseNothingAndFailNothing) {
  constexpr int kWriters = 6;
  constexpr int kEach = 50;
  std::atomic<int> stored = 0;
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&, writer] {
        const auto own = place_->Open();
        for (int i = 0; i < kEach; ++i) {
          const NewPost post = Post("shared", std::to_string(writer) + "-" + std::to_string(i));
          if (own->Accept({&post, 1}).front()) ++stored;
        }
      });
    }
  }
  EXPECT_EQ(stored, kWriters * kEach);
  EXPECT_EQ(CountPosts(), static_cast<std::size_t>(kWriters * kEach));
  EXPECT_EQ((*store_->FindSession("shared"))->posts, kWriters * kEach);
  EXPECT_TRUE(ClaimNow(*store_));
  EXPECT_FALSE(ClaimNow(*store_)) << "more than one head of the session";
}

}  // namespace
}  // namespace relay::test
