// Several calls whose changes are committed together.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

class TogetherTest : public StoreTest {
 protected:
  std::vector<DeliveryState> States() {
    std::vector<DeliveryState> states;
    for (const Delivery& delivery : Deliveries()) states.push_back(delivery.state);
    return states;
  }
};

TEST_P(TogetherTest, AnEndAndTheClaimItMakesPossibleAreOneChange) {
  AcceptOne(Post("s1", "one"));
  AcceptOne(Post("s1", "two"));
  const auto first = ClaimNow(*store_);
  std::optional<Claim> second;
  const auto done = store_->Together([&]() -> Result<void> {
    End(*first, DeliveryState::Done);
    second = ClaimNow(*store_);
    EXPECT_FALSE(ClaimNow(*place_->Open())) << "another process sees it before it is committed";
    return {};
  });

  ASSERT_TRUE(done.ok());
  ASSERT_TRUE(second);
  EXPECT_THAT(States(), testing::ElementsAre(DeliveryState::Claimed, DeliveryState::Done));
}

TEST_P(TogetherTest, NothingStaysWhereTheWorkFails) {
  AcceptOne(Post("s1", "one"));
  const auto done = store_->Together([&]() -> Result<void> {
    End(*ClaimNow(*store_), DeliveryState::Dead);
    AcceptOne(Post("s2", "two"));
    return Error{ErrorKind::Permanent, "on second thoughts"};
  });

  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message, "on second thoughts");
  EXPECT_THAT(States(), testing::ElementsAre(DeliveryState::Due));
  EXPECT_EQ(CountPosts(), 1u);
}

TEST_P(TogetherTest, ACallThatFailsLeavesNoTraceAndDisturbsNoOther) {
  const Accepted stored = AcceptOne(Post("s1", "one"));
  NewPost unlucky = Post("s2", "two");
  unlucky.plan = [](PostId, const SessionState&, const ReadTranscript&) -> Result<Plan> {
    return Error{ErrorKind::Permanent, "no plan"};
  };
  const auto done = store_->Together([&]() -> Result<void> {
    EXPECT_FALSE(store_->Accept({&unlucky, 1}).front());
    End(*ClaimNow(*store_), DeliveryState::Done);
    return {};
  });

  ASSERT_TRUE(done.ok());
  EXPECT_THAT(States(), testing::ElementsAre(DeliveryState::Done));
  EXPECT_EQ(CountPosts(), 1u);
  EXPECT_EQ(AcceptOne(Post("s1", "two")).id.value, stored.id.value + 1);
}

INSTANTIATE_TEST_SUITE_P(Stores, TogetherTest, EveryStore(), NameOfKind);

}  // namespace
}  // namespace relay::test
