// What the store says of itself to those who watch over it. Each test runs on each kind of store.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

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
