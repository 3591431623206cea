// What becomes of old sessions and of old quarantined posts. Each test runs on each kind of store.
#include <gmock/gmock.h>

#include <random>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::IsEmpty;

class PruneTest : public StoreTest {
 protected:
  PruneRequest OlderThan(Duration age) const {
    PruneRequest request;
    request.sessions_before = clock_.Now() - age;
    request.quarantined_before = clock_.Now() - age;
    return request;
  }

  Pruned Prune(PruneRequest request) {
    const auto foretold = store_->CountPrunable(request);
    Pruned total;
    for (;;) {
      const auto batch = store_->Prune(request);
      if (!batch) throw std::runtime_error(batch.error().message);
      total.sessions += batch->sessions;
      total.posts += batch->posts;
      total.quarantined += batch->quarantined;
      if (!batch->next) break;
      request = *batch->next;
    }
    EXPECT_EQ(foretold->sessions, total.sessions);
    EXPECT_EQ(foretold->posts, total.posts);
    EXPECT_EQ(foretold->quarantined, total.quarantined);
    return total;
  }

  void DeliverAll(DeliveryState state = DeliveryState::Done) {
    while (const auto claim = ClaimNow(*store_)) End(*claim, state);
  }

  std::vector<std::string> Sessions() {
    std::vector<std::string> ids;
    EXPECT_TRUE(
        store_->ListSessions({}, 0, [&](const SessionSummary& s) { ids.push_back(s.session_id); })
            .ok());
    return ids;
  }

  void Quarantine(const std::string& body) {
    NewQuarantined item;
    item.raw.body = body;
    for (const auto& stored : store_->Quarantine({&item, 1}, clock_.Now())) {
      ASSERT_TRUE(stored.ok());
    }
  }
};

TEST_P(PruneTest, RemovesOldSessionsWholeAndLeavesYoungerOnes) {
  AcceptOne(Post("old", "1"));
  AcceptOne(Post("old", "2"));
  AcceptOne(Post("goes on", "3"));
  clock_.Advance(days(91));
  const PostId young = AcceptOne(Post("goes on", "4")).id;
  DeliverAll();
  const Pruned pruned = Prune(OlderThan(days(90)));

  EXPECT_EQ(pruned.sessions, 1);
  EXPECT_EQ(pruned.posts, 2);
  EXPECT_THAT(Sessions(), ElementsAre("goes on"));
  EXPECT_EQ(CountPosts(), 2u);
  EXPECT_EQ(Deliveries().size(), 2u);
  EXPECT_EQ(*store_->Transcript("goes on", young), "3\n4\n") << "a part of a session went";
}

TEST_P(PruneTest, NothingThatIsNotDoneGoesByAge) {
  for (const char* session : {"due", "claimed", "dead", "held", "done"}) {
    AcceptOne(Post(session, session, {{session, Order::Session, OnDead::Skip, ""}}));
  }
  // Of each session another post is done; that does not make the session done.
  for (const char* session : {"due", "claimed", "dead", "held", "done"}) {
    AcceptOne(Post(session, std::string("other ") + session));
  }
  DeliverAll();
  End(*ClaimNow(*store_, "dead"), DeliveryState::Dead);
  End(*ClaimNow(*store_, "done"), DeliveryState::Done);
  ASSERT_TRUE(ClaimNow(*store_, "claimed"));
  ASSERT_TRUE(store_->Change(QueueChange::Hold, {{}, "held", {}, {}}, clock_.Now()).ok());
  clock_.Advance(days(3650));

  EXPECT_EQ(Prune(OlderThan(days(90))).sessions, 1);
  EXPECT_THAT(Sessions(), testing::UnorderedElementsAre("due", "claimed", "dead", "held"));
  EXPECT_EQ(CountPosts(), 8u);
}

TEST_P(PruneTest, ASessionWithoutDeliveriesGoesToo) {
  AcceptOne(Post("s1", "one", {}));
  clock_.Advance(days(91));
  EXPECT_EQ(Prune(OlderThan(days(90))).posts, 1);
}

TEST_P(PruneTest, RemovesOldQuarantinedPosts) {
  Quarantine("<old");
  clock_.Advance(days(91));
  Quarantine("<young");
  EXPECT_EQ(Prune(OlderThan(days(90))).quarantined, 1);

  std::vector<Time> left;
  ASSERT_TRUE(store_
                  ->ListQuarantined(
                      0, [&](const QuarantinedSummary& item) { left.push_back(item.received_at); })
                  .ok());
  EXPECT_THAT(left, ElementsAre(clock_.Now())) << "the young one went";
}

TEST_P(PruneTest, GoesInBatchesPastWhatMustStay) {
  for (int i = 0; i < 30; ++i) AcceptOne(Post("dead" + std::to_string(i), std::to_string(i)));
  DeliverAll(DeliveryState::Dead);
  for (int i = 30; i < 60; ++i) AcceptOne(Post("done" + std::to_string(i), std::to_string(i)));
  DeliverAll();
  for (int i = 0; i < 25; ++i) Quarantine(std::to_string(i));
  clock_.Advance(days(91));
  PruneRequest request = OlderThan(days(90));
  request.most = 10;
  const auto first = store_->Prune(request);

  ASSERT_TRUE(first && first->next);
  EXPECT_LE(first->sessions, 10);
  EXPECT_EQ(first->quarantined, 10);
  const Pruned rest = Prune(*first->next);
  EXPECT_EQ(first->sessions + rest.sessions, 30);
  EXPECT_EQ(rest.quarantined, 15);
}

TEST_P(PruneTest, ABatchEndsWhenItHasManyBytes) {
  for (const char* session : {"a", "b", "c"}) {
    std::minstd_rand random(static_cast<unsigned>(*session));
    std::string noise(20 << 20, '\0');  // what cannot be packed
    for (char& c : noise) c = static_cast<char>(random() >> 8);
    AcceptOne(Post(session, noise, {}));
  }
  clock_.Advance(days(91));
  const auto first = store_->Prune(OlderThan(days(90)));

  ASSERT_TRUE(first && first->next);
  EXPECT_EQ(first->sessions, 2);
  EXPECT_EQ(Prune(*first->next).sessions, 1);
}

TEST_P(PruneTest, AnEmptyStoreHasNothingToPrune) {
  const Pruned pruned = Prune(OlderThan(days(0)));
  EXPECT_EQ(pruned.sessions + pruned.posts + pruned.quarantined, 0);
}

TEST_P(PruneTest, APrunedSessionStartsAnew) {
  AcceptOne(Post("s1", "one"));
  DeliverAll();
  clock_.Advance(days(91));
  Prune(OlderThan(days(90)));
  EXPECT_THAT(Sessions(), IsEmpty());

  const Accepted again = AcceptOne(Post("s1", "one"));
  EXPECT_FALSE(again.repeat);
  EXPECT_EQ(again.id, PostId{2}) << "the ID of a post that is gone was given to another";
  EXPECT_EQ(*store_->Transcript("s1", again.id), "one\n");
}

INSTANTIATE_TEST_SUITE_P(Stores, PruneTest, EveryStore(), NameOfKind);

}  // namespace
}  // namespace relay::test
