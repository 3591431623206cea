// What the store says of itself to those who watch over it. Each test runs on each kind of store.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WatchTest : public StoreTest {
 protected:
  std::vector<Damage> FindDamage(DamageScope scope) {
    std::vector<Damage> found;
    EXPECT_TRUE(store_->FindDamage(scope, [&](const Damage& d) { found.push_back(d); }).ok());
    return found;
  }
};

TEST_P(WatchTest, CountsWhatIsLate) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s2", "two"));
  ASSERT_TRUE(ClaimNow(*store_));  // its lease ends in a minute
  clock_.Advance(minutes(2));

  const auto late = [&](DeliveryState state, Duration age) {
    return *store_->CountLate("crm", state, clock_.Now() - age);
  };
  EXPECT_EQ(late(DeliveryState::Due, minutes(1)), 1);
  EXPECT_EQ(late(DeliveryState::Due, minutes(2)), 0);
  EXPECT_EQ(late(DeliveryState::Claimed, seconds(59)), 1);
  EXPECT_EQ(late(DeliveryState::Claimed, minutes(1)), 0);
  EXPECT_EQ(*store_->CountLate("mail", DeliveryState::Due, clock_.Now()), 0);
}

TEST_P(WatchTest, KnowsSinceWhenTheOldestWaits) {
  EXPECT_FALSE(store_->OldestUndelivered("crm")->has_value());
  const Time first = clock_.Now();
  AcceptOne(Post("s1", "one"));
  clock_.Advance(minutes(1));
  AcceptOne(Post("s2", "two"));
  EXPECT_EQ(*store_->OldestUndelivered("crm"), first);
  const auto claim = ClaimNow(*store_);
  EXPECT_EQ(*store_->OldestUndelivered("crm"), first) << "it is not delivered yet";
  End(*claim, DeliveryState::Dead);
  EXPECT_EQ(*store_->OldestUndelivered("crm"), first + minutes(1));
}

TEST_P(WatchTest, AddsUpWhatAllProcessesMeasured) {
  EXPECT_THAT(*store_->ReadMeasured(), IsEmpty());
  const Measured done{"attempts", "crm", "done", 0, 2, 0};
  const Measured took{"took", "crm", "", kNoBound, 1, 3'000'000};
  ASSERT_TRUE(store_->AddMeasured(std::vector{done, took}));
  ASSERT_TRUE(place_->Open()->AddMeasured(std::vector{took}));
  ASSERT_TRUE(store_->AddMeasured({}));
  EXPECT_THAT(*store_->ReadMeasured(),
              ElementsAre(done, Measured{"took", "crm", "", kNoBound, 2, 6'000'000}));
}

TEST_P(WatchTest, ReplacesANoticeOnlyWhereItIsAsItWasSeen) {
  EXPECT_THAT(*store_->Notices(), IsEmpty());
  const Notice none{.alert = "dead", .action = "crm"};
  Notice told = none;
  told.told = 1;
  told.told_count = 3;
  told.next_at = clock_.Now() + minutes(60);
  const auto other = place_->Open();
  EXPECT_TRUE(*store_->ReplaceNotice(none, told));
  EXPECT_FALSE(*other->ReplaceNotice(none, told)) << "the other was first";
  EXPECT_THAT(*other->Notices(), ElementsAre(told));

  Notice next = told;
  next.attempts = 1;
  EXPECT_TRUE(*other->ReplaceNotice(told, next));
  EXPECT_FALSE(*store_->ReplaceNotice(told, next));
  const Notice paused{.alert = "paused", .action = "crm"};
  EXPECT_TRUE(*store_->ReplaceNotice(paused, paused));
  EXPECT_THAT(*store_->Notices(), ElementsAre(next, paused));
}

TEST_P(WatchTest, KeepsTheTraceThatTheSenderNamed) {
  constexpr const char* kTrace = "0af7651916cd43dd8448eb211c80319c";
  NewPost named = Post("s1", "one");
  named.raw.trace_id = kTrace;
  const Accepted first = AcceptOne(named);
  EXPECT_EQ(first.trace_id, kTrace);
  EXPECT_EQ((*store_->FindPost(first.id))->post.raw.trace_id, kTrace);
  named.raw.trace_id = "another";
  EXPECT_EQ(AcceptOne(named).trace_id, kTrace) << "a repeat belongs to the trace of the first";
  EXPECT_EQ(AcceptOne(Post("s2", "two")).trace_id, "");
}

TEST_P(WatchTest, TellsHowLongTheLastCommitTook) {
  AcceptOne(Post("s1", "one"));
  EXPECT_GT(store_->LastSync().count(), 0);
}

TEST_P(WatchTest, CountsThePostsThatWereEverStored) {
  EXPECT_EQ(store_->Totals()->posts_stored, 0);
  AcceptOne(Post("s1", "one", {}));
  clock_.Advance(minutes(1));
  PruneRequest everything;
  everything.sessions_before = clock_.Now();
  ASSERT_EQ(store_->Prune(everything)->posts, 1);

  EXPECT_EQ(store_->Totals()->posts_stored, 1);
  EXPECT_EQ(store_->Totals()->quarantined, 0);
  EXPECT_GE(store_->Totals()->schema_version, 2);
}

TEST_P(WatchTest, FindsNoDamageWhereThereIsNone) {
  NewPost post = Post("s1", std::string("a\0b", 3));
  post.raw.endpoint = "closed";
  post.raw.query = "q";
  AcceptOne(post);
  AcceptOne(Post("s2", ""));

  EXPECT_THAT(FindDamage(DamageScope::Everything), IsEmpty());
  EXPECT_THAT(FindDamage(DamageScope::Undelivered), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Stores, WatchTest, EveryStore(), NameOfKind);

}  // namespace
}  // namespace relay::test
