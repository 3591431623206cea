// Removing a session on request.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Erase : public StoreTest {
 protected:
  Store::Erased EraseNow(const std::string& session, std::vector<QuarantineId> quarantined = {}) {
    auto erased = store_->EraseSession(session, quarantined, "ada", clock_.Now());
    if (!erased) throw std::runtime_error(erased.error().message);
    return *erased;
  }
  QuarantineId QuarantineOne(const std::string& body) {
    NewQuarantined item{{}, "", "unreadable"};
    item.raw.body = body;
    return *store_->Quarantine({&item, 1}, clock_.Now()).at(0);
  }
};

INSTANTIATE_TEST_SUITE_P(Every, Erase, EveryStore(), NameOfKind);

TEST_P(Erase, RemovesAllOfASessionAndNothingElse) {
  AcceptOne(Post("1", "a"));
  AcceptOne(Post("1", "b"));
  const auto other = AcceptOne(Post("2", "c"));
  const QuarantineId bad = QuarantineOne("bad 1");
  QuarantineOne("bad 2");
  const auto erased = EraseNow("1", {bad});
  EXPECT_EQ(erased.erasure.posts, 2);
  EXPECT_EQ(erased.erasure.deliveries, 2);
  EXPECT_EQ(erased.erasure.quarantined, 1);
  EXPECT_TRUE(erased.overwritten);
  EXPECT_FALSE(store_->FindSession("1")->has_value());
  EXPECT_EQ(*store_->Transcript("1", PostId{100}), "");
  EXPECT_EQ(CountPosts(), 1u);
  ASSERT_THAT(Deliveries(), SizeIs(1));
  EXPECT_EQ(Deliveries()[0].post, other.id);
  EXPECT_EQ(store_->Totals()->quarantined, 1);
}

TEST_P(Erase, WritesDownThatItWasDone) {
  AcceptOne(Post("1", "a"));
  EXPECT_FALSE(*store_->FindErasure("1"));
  EraseNow("1");
  const auto erasure = store_->FindErasure("1");
  ASSERT_TRUE(erasure && *erasure);
  EXPECT_EQ((*erasure)->by, "ada");
  EXPECT_EQ((*erasure)->erased_at, clock_.Now());
  EXPECT_EQ((*erasure)->posts, 1);
  EXPECT_FALSE(*store_->FindErasure("2"));
}

TEST_P(Erase, WhatIsNotThereCannotBeErased) {
  const auto erased = store_->EraseSession("1", {}, "ada", clock_.Now());
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().kind, ErrorKind::BadInput);
  EXPECT_FALSE(*store_->FindErasure("1"));
}

TEST_P(Erase, AWorkerThatHasADeliveryOfItRecordsNothing) {
  AcceptOne(Post("1", "a"));
  const auto claim = ClaimNow(*store_);
  ASSERT_TRUE(claim);
  EraseNow("1");
  EXPECT_EQ(End(*claim, DeliveryState::Done), FinishResult::LostClaim);
  EXPECT_THAT(Deliveries(), IsEmpty());
}

TEST_P(Erase, TheSamePostIsANewOneAfterwards) {
  const NewPost post = Post("1", "a");
  const auto first = AcceptOne(post);
  EraseNow("1");
  const auto again = AcceptOne(post);
  EXPECT_FALSE(again.repeat);
  EXPECT_NE(again.id, first.id);
  EXPECT_TRUE(store_->FindSession("1")->has_value());
}

}  // namespace
}  // namespace relay::test
