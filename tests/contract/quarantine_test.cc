// How bytes leave quarantine. Each test runs on each kind of store.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using testing::SizeIs;

class QuarantineTest : public StoreTest {
 protected:
  QuarantineId Quarantine(const RawPost& raw) {
    const NewQuarantined item{raw, "Host: x\n", "why"};
    return *store_->Quarantine({&item, 1}, clock_.Now()).front();
  }

  std::size_t CountQuarantined() {
    std::size_t count = 0;
    EXPECT_TRUE(store_->ListQuarantined(0, [&](const QuarantinedSummary&) { ++count; }).ok());
    return count;
  }
};

TEST_P(QuarantineTest, WhatCanBeReadBecomesAPostAndLeaves) {
  const NewPost post = Post("s1", "one");
  const QuarantineId id = Quarantine(post.raw);
  const Time came = clock_.Now();
  clock_.Advance(std::chrono::days(10));
  const auto accepted = store_->AcceptQuarantined(id, post, clock_.Now());

  ASSERT_TRUE(accepted);
  EXPECT_EQ(CountQuarantined(), 0u);
  EXPECT_EQ((*store_->FindPost(accepted->id))->post.raw.received_at, came);
  const auto claim = ClaimNow(*store_);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->delivery.created_at, clock_.Now()) << "it would give up by age at once";
}

TEST_P(QuarantineTest, WhatIsStoredAlreadyLeavesAndIsNotStoredAgain) {
  const NewPost post = Post("s1", "one");
  const PostId stored = AcceptOne(post).id;
  const auto accepted = store_->AcceptQuarantined(Quarantine(post.raw), post, clock_.Now());

  ASSERT_TRUE(accepted);
  EXPECT_TRUE(accepted->repeat);
  EXPECT_EQ(accepted->id, stored);
  EXPECT_THAT(Deliveries(), SizeIs(1));
  EXPECT_EQ(CountQuarantined(), 0u);
}

TEST_P(QuarantineTest, WhatCannotBePlannedStays) {
  NewPost post = Post("s1", "one");
  const QuarantineId id = Quarantine(post.raw);
  post.plan = [](PostId, const SessionState&, const ReadTranscript&) {
    return Result<Plan>(Error{ErrorKind::Temporary, "no plan"});
  };

  EXPECT_FALSE(store_->AcceptQuarantined(id, post, clock_.Now()).ok());
  EXPECT_EQ(CountQuarantined(), 1u);
  EXPECT_EQ(CountPosts(), 0u);
}

TEST_P(QuarantineTest, WhatHasLeftMeanwhileIsNotStored) {
  const NewPost post = Post("s1", "one");
  const QuarantineId id = Quarantine(post.raw);
  ASSERT_EQ(*place_->Open()->DropQuarantined({&id, 1}), 1);
  const auto accepted = store_->AcceptQuarantined(id, post, clock_.Now());

  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().kind, ErrorKind::BadInput);
  EXPECT_EQ(CountPosts(), 0u);
}

TEST_P(QuarantineTest, DropsWhatIsNamedAndSaysHowManyThereWere) {
  RawPost raw;
  raw.body = "<one";
  const QuarantineId one = Quarantine(raw);
  raw.body = "<two";
  Quarantine(raw);
  const std::vector<QuarantineId> named{one, QuarantineId{99}};

  EXPECT_EQ(*store_->DropQuarantined(named), 1);
  EXPECT_EQ(CountQuarantined(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Stores, QuarantineTest, EveryStore(), NameOfKind);

}  // namespace
}  // namespace relay::test
