// What operators may do to deliveries, and how they find them. Each test runs on each kind of
// store.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::vector<NewDelivery> kUnordered{{"crm", Order::None, OnDead::Skip, ""}};

class OperateTest : public StoreTest {
 protected:
  std::int64_t Change(QueueChange change, const DeliveryFilter& filter = {}) {
    const auto would = store_->CountFor(change, filter);
    auto changed = store_->Change(change, filter, clock_.Now());
    if (!changed) throw std::runtime_error(changed.error().message);
    EXPECT_EQ(*would, *changed) << "what was foretold is not what was done";
    return *changed;
  }

  static DeliveryFilter Only(DeliveryId id) { return {{id}, {}, {}, {}}; }

  // The deliveries of a session, oldest first.
  std::vector<DeliveryId> IdsOf(const std::string& session) {
    std::vector<DeliveryId> ids;
    for (const Delivery& delivery : Deliveries({{}, {}, session, {}})) {
      ids.insert(ids.begin(), delivery.id);
    }
    return ids;
  }

  DeliveryState StateOf(DeliveryId id) { return Deliveries(Only(id)).at(0).state; }

  void AcceptSessions(int count, const std::vector<NewDelivery>& deliveries = kUnordered) {
    std::vector<NewPost> posts;
    for (int i = 0; i < count; ++i) {
      const std::string name = "s" + std::to_string(i);
      posts.push_back(Post(name, name, deliveries));
    }
    for (const auto& accepted : store_->Accept(posts)) ASSERT_TRUE(accepted.ok());
  }
};

TEST_P(OperateTest, AHeldDeliveryKeepsItsPlaceInItsSession) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto ids = IdsOf("s1");
  EXPECT_EQ(Change(QueueChange::Hold, Only(ids[0])), 1);

  EXPECT_EQ(StateOf(ids[0]), DeliveryState::Held);
  EXPECT_FALSE(ClaimNow(*store_)) << "the second overtook the one that is held";
  AcceptOne(Post("s1", "three"));
  EXPECT_FALSE(ClaimNow(*store_)) << "a new one overtook the one that is held";

  EXPECT_EQ(Change(QueueChange::Release, Only(ids[0])), 1);
  const auto first = ClaimNow(*store_);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->delivery.id, ids[0]);
  End(*first, DeliveryState::Done);
  EXPECT_EQ(ClaimNow(*store_)->delivery.id, ids[1]);
}

TEST_P(OperateTest, OneThatIsHeldWhileItWaitsIsStillHeldWhenItsTurnComes) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  AcceptOne(Post("s1", "three"));
  const auto ids = IdsOf("s1");
  EXPECT_EQ(Change(QueueChange::Hold, Only(ids[1])), 1);
  End(*ClaimNow(*store_), DeliveryState::Done);
  EXPECT_FALSE(ClaimNow(*store_));

  EXPECT_EQ(Change(QueueChange::Release, Only(ids[1])), 1);
  EXPECT_EQ(ClaimNow(*store_)->delivery.id, ids[1]);
}

TEST_P(OperateTest, OneThatIsReleasedBehindAnOtherWaitsForItsTurn) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto ids = IdsOf("s1");
  Change(QueueChange::Hold, Only(ids[1]));
  EXPECT_EQ(Change(QueueChange::Release, Only(ids[1])), 1);

  const auto first = ClaimNow(*store_);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->delivery.id, ids[0]);
  EXPECT_FALSE(ClaimNow(*store_));
}

TEST_P(OperateTest, AReleasedDeliveryCountsItsAgeAnew) {
  AcceptOne(Post("s1", "one", kUnordered));
  Change(QueueChange::Hold);
  clock_.Advance(std::chrono::days(10));
  Change(QueueChange::Release);

  const auto claim = ClaimNow(*store_);
  ASSERT_TRUE(claim) << "an unordered one has no turn to wait for";
  EXPECT_EQ(claim->delivery.created_at, clock_.Now());
}

TEST_P(OperateTest, DroppingAHeldDeliveryLetsTheNextGo) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto ids = IdsOf("s1");
  Change(QueueChange::Hold, Only(ids[0]));
  EXPECT_EQ(Change(QueueChange::Drop, Only(ids[0])), 1);

  EXPECT_EQ(ClaimNow(*store_)->delivery.id, ids[1]);
}

struct Row {
  QueueChange change;
  DeliveryState from;
  std::optional<DeliveryState> to;  // absent: it is gone
};

TEST_P(OperateTest, EachChangeIsForSomeStatesAndLeavesTheOthersAlone) {
  using enum DeliveryState;
  const std::vector<Row> rows{
      {QueueChange::Retry, Due, Due},        {QueueChange::Retry, Claimed, Claimed},
      {QueueChange::Retry, Done, Done},      {QueueChange::Retry, Dead, Due},
      {QueueChange::Retry, Held, Held},      {QueueChange::Hold, Due, Held},
      {QueueChange::Hold, Claimed, Claimed}, {QueueChange::Hold, Done, Done},
      {QueueChange::Hold, Dead, Dead},       {QueueChange::Hold, Held, Held},
      {QueueChange::Release, Due, Due},      {QueueChange::Release, Claimed, Claimed},
      {QueueChange::Release, Done, Done},    {QueueChange::Release, Dead, Dead},
      {QueueChange::Release, Held, Due},     {QueueChange::Drop, Due, {}},
      {QueueChange::Drop, Claimed, Claimed}, {QueueChange::Drop, Done, Done},
      {QueueChange::Drop, Dead, {}},         {QueueChange::Drop, Held, {}},
  };
  for (const Row& row : rows) {
    const std::string session =
        std::to_string(static_cast<int>(row.change)) + std::string(StateName(row.from));
    AcceptOne(Post(session, session, {{session, Order::Session, OnDead::Skip, ""}}));
    const DeliveryId id = IdsOf(session).at(0);
    if (row.from == Held) Change(QueueChange::Hold, Only(id));
    if (row.from == Claimed || row.from == Done || row.from == Dead) {
      const auto claim = ClaimNow(*store_, session);
      if (row.from != Claimed) End(*claim, row.from);
    }
    Change(row.change, {{}, session, {}, {}});
    const auto left = Deliveries(Only(id));
    const auto state = left.empty() ? std::nullopt : std::optional(left[0].state);
    EXPECT_EQ(state, row.to) << "after " << session;
  }
}

TEST_P(OperateTest, WhatIsDoneIsDroppedOnlyWhereIdsOrTheStateSaySo) {
  AcceptSessions(2);
  End(*ClaimNow(*store_), DeliveryState::Done);
  End(*ClaimNow(*store_), DeliveryState::Done);

  EXPECT_EQ(Change(QueueChange::Drop), 0);
  EXPECT_EQ(Change(QueueChange::Drop, Only(Deliveries()[0].id)), 1);
  EXPECT_EQ(Change(QueueChange::Drop, {{}, {}, {}, DeliveryState::Done}), 1);
}

TEST_P(OperateTest, ChangesMoreThanOneBatchByAFilterOrByIds) {
  constexpr int kMany = 1203;
  AcceptSessions(kMany);
  DeliveryFilter every_one;
  for (const Delivery& delivery : Deliveries()) every_one.ids.push_back(delivery.id);

  EXPECT_EQ(Change(QueueChange::Hold, {{}, "crm", {}, {}}), kMany);
  EXPECT_EQ(Change(QueueChange::Release, every_one), kMany);
  EXPECT_EQ(Change(QueueChange::Retry), kMany);
  EXPECT_EQ(Change(QueueChange::Drop), kMany);
  EXPECT_THAT(Deliveries(), IsEmpty());
}

TEST_P(OperateTest, AnIdThatIsNamedTwiceCountsOnce) {
  AcceptSessions(3);
  const DeliveryFilter twice{{Deliveries()[0].id, Deliveries()[0].id}, {}, {}, {}};
  EXPECT_EQ(Change(QueueChange::Hold, twice), 1);
}

TEST_P(OperateTest, RetriedSessionsKeepTheirOrderOverBatches) {
  // More dead ones than a batch takes, the last of them in the same session as the first.
  AcceptOne(Post("s", "first"));
  End(*ClaimNow(*store_), DeliveryState::Dead);
  AcceptSessions(600);
  while (const auto claim = ClaimNow(*store_)) End(*claim, DeliveryState::Dead);
  AcceptOne(Post("s", "last"));
  End(*ClaimNow(*store_), DeliveryState::Dead);
  const auto line = IdsOf("s");
  EXPECT_EQ(Change(QueueChange::Retry), 602);

  std::vector<DeliveryId> seen;
  while (const auto claim = ClaimNow(*store_)) {
    if (claim->delivery.session_id == "s") seen.push_back(claim->delivery.id);
    End(*claim, DeliveryState::Done);
  }
  EXPECT_EQ(seen, line);
}

TEST_P(OperateTest, ListsByEveryFilterNewestFirst) {
  const std::vector<NewDelivery> both{{"crm", Order::None, OnDead::Skip, ""},
                                      {"mail", Order::None, OnDead::Skip, "no address"}};
  for (const char* session : {"a", "b", "a", "b", "a"}) {
    AcceptOne(Post(session, std::to_string(CountPosts()), both));
  }
  End(*ClaimNow(*store_), DeliveryState::Done);
  const auto ids = [&](const DeliveryFilter& filter) {
    std::vector<std::int64_t> found;
    for (const Delivery& delivery : Deliveries(filter)) found.push_back(delivery.id.value);
    return found;
  };

  EXPECT_THAT(ids({}), ElementsAre(10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
  EXPECT_THAT(ids({{}, "crm", {}, {}}), ElementsAre(9, 7, 5, 3, 1));
  EXPECT_THAT(ids({{}, {}, "a", {}}), ElementsAre(10, 9, 6, 5, 2, 1));
  EXPECT_THAT(ids({{}, {}, {}, DeliveryState::Dead}), ElementsAre(10, 8, 6, 4, 2));
  EXPECT_THAT(ids({{}, "crm", {}, DeliveryState::Due}), ElementsAre(9, 7, 5, 3));
  EXPECT_THAT(ids({{}, "crm", "a", DeliveryState::Due}), ElementsAre(9, 5));
  EXPECT_THAT(ids({{}, "none", {}, {}}), IsEmpty());
  const DeliveryFilter named{
      {DeliveryId{2}, DeliveryId{9}, DeliveryId{77}, DeliveryId{4}}, {}, "b", {}};
  EXPECT_THAT(ids(named), ElementsAre(4));
}

TEST_P(OperateTest, ListsOnlyTheSessionsThatAreOpenOrSilent) {
  const auto accept = [&](const std::string& session, bool closed, bool lapsed) {
    NewPost post = Post(session, session);
    post.plan = [=, now = clock_.Now()](PostId, const SessionState& before, const ReadTranscript&) {
      Plan plan{before, {}, {}};
      plan.state.posts = 1;
      plan.state.last_post_at = now;
      plan.state.closed = closed;
      plan.state.lapsed = lapsed;
      return Result<Plan>(plan);
    };
    AcceptOne(post);
  };
  accept("open and old", false, false);
  accept("closed", true, false);
  accept("lapsed", false, true);
  clock_.Advance(minutes(1));
  const Time since = clock_.Now();
  accept("open", false, false);
  const auto list = [&](const SessionFilter& filter) {
    std::vector<std::string> ids;
    const auto add = [&](const SessionSummary& s) { ids.push_back(s.session_id); };
    EXPECT_TRUE(store_->ListSessions(filter, 0, add));
    return ids;
  };

  EXPECT_THAT(list({.open = true}), ElementsAre("open", "open and old"));
  EXPECT_THAT(list({.silent_since = since}), ElementsAre("lapsed", "closed", "open and old"));
  EXPECT_THAT(list({.open = true, .silent_since = since}), ElementsAre("open and old"));
}

TEST_P(OperateTest, ListsMoreThanOnePageUpToTheLimit) {
  AcceptSessions(1203);
  for (const std::size_t limit : {0u, 1u, 500u, 501u, 1203u, 5000u}) {
    std::vector<std::int64_t> found;
    ASSERT_TRUE(store_
                    ->ListDeliveries({{}, {}, {}, DeliveryState::Due}, limit,
                                     [&](const Delivery& d) { found.push_back(d.id.value); })
                    .ok());
    EXPECT_THAT(found, SizeIs(limit == 0 ? 1203 : std::min<std::size_t>(limit, 1203)));
    EXPECT_TRUE(std::is_sorted(found.rbegin(), found.rend()));
  }
}

TEST_P(OperateTest, ListsWhileAnotherConnectionWrites) {
  AcceptSessions(1203);
  auto other = place_->Open();
  std::size_t listed = 0;
  // Whoever is listed is dropped by another connection: no statement may be open meanwhile.
  ASSERT_TRUE(store_
                  ->ListDeliveries({}, 0,
                                   [&](const Delivery& delivery) {
                                     if (++listed % 400 != 0) return;
                                     const auto dropped = other->Change(
                                         QueueChange::Drop, Only(delivery.id), clock_.Now());
                                     EXPECT_TRUE(dropped && *dropped == 1);
                                   })
                  .ok());
  EXPECT_EQ(listed, 1203u);
}

TEST_P(OperateTest, ListsTheSessionsWithTheNewestPostsFirst) {
  AcceptOne(Post("old", "1"));
  clock_.Advance(seconds(1));
  AcceptOne(Post("new", "2"));
  AcceptOne(Post("same time", "3"));
  clock_.Advance(seconds(1));
  AcceptOne(Post("old", "4"));
  const auto sessions = [&](std::size_t limit) {
    std::vector<std::string> ids;
    EXPECT_TRUE(
        store_
            ->ListSessions({}, limit, [&](const SessionSummary& s) { ids.push_back(s.session_id); })
            .ok());
    return ids;
  };

  EXPECT_THAT(sessions(0), ElementsAre("old", "same time", "new"));
  EXPECT_THAT(sessions(2), ElementsAre("old", "same time"));
}

TEST_P(OperateTest, SessionsOfOneMomentAreListedInTheOrderOfTheirNewestPosts) {
  AcceptOne(Post("a", "1"));
  AcceptOne(Post("c", "2"));
  AcceptOne(Post("b", "3"));
  AcceptOne(Post("a", "4"));
  std::vector<std::string> ids;
  ASSERT_TRUE(
      store_->ListSessions({}, 0, [&](const SessionSummary& s) { ids.push_back(s.session_id); })
          .ok());

  EXPECT_THAT(ids, ElementsAre("a", "b", "c"));
}

TEST_P(OperateTest, ListsMoreThanOnePageOfSessionsPostsAndQuarantine) {
  AcceptSessions(1203);
  std::vector<NewQuarantined> items(1203);
  for (std::size_t i = 0; i < items.size(); ++i) items[i].raw.body = std::to_string(i);
  store_->Quarantine(items, clock_.Now());
  std::size_t sessions = 0;
  std::size_t quarantined = 0;
  ASSERT_TRUE(store_->ListSessions({}, 0, [&](const SessionSummary&) { ++sessions; }).ok());
  ASSERT_TRUE(store_->ListQuarantined(0, [&](const QuarantinedSummary&) { ++quarantined; }).ok());

  EXPECT_EQ(sessions, 1203u);
  EXPECT_EQ(CountPosts(), 1203u);
  EXPECT_EQ(quarantined, 1203u);
}

TEST_P(OperateTest, ASessionIsListedWithHowItsDeliveriesStand) {
  for (int i = 0; i < 6; ++i) AcceptOne(Post("s1", std::to_string(i), kUnordered));
  End(*ClaimNow(*store_), DeliveryState::Done);
  for (int i = 0; i < 2; ++i) End(*ClaimNow(*store_), DeliveryState::Dead);
  Change(QueueChange::Hold, Only(IdsOf("s1").back()));
  ASSERT_TRUE(ClaimNow(*store_));
  std::vector<SessionSummary> listed;
  ASSERT_TRUE(
      store_->ListSessions({}, 0, [&](const SessionSummary& s) { listed.push_back(s); }).ok());

  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].state.posts, 6);
  EXPECT_EQ(listed[0].undelivered, 3) << "one is due, one claimed, one held";
  EXPECT_EQ(listed[0].dead, 2);
}

TEST_P(OperateTest, FindsASessionAndItsPostsOldestFirst) {
  const PostId first = AcceptOne(Post("s1", "one")).id;
  AcceptOne(Post("s2", "other"));
  const PostId second = AcceptOne(Post("s1", "two")).id;
  std::vector<PostId> posts;
  ASSERT_TRUE(store_->ListPostsOf("s1", [&](const PostSummary& p) { posts.push_back(p.id); }).ok());

  EXPECT_THAT(posts, ElementsAre(first, second));
  const auto found = store_->FindSession("s1");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->posts, 2);
  EXPECT_FALSE(store_->FindSession("none")->has_value());
}

INSTANTIATE_TEST_SUITE_P(Stores, OperateTest, EveryStore(), NameOfKind);

}  // namespace
}  // namespace relay::test
