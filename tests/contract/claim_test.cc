// Whose turn it is: new and retried work, destinations that fail, clocks that are put back.
#include <gmock/gmock.h>

#include "contract/store_fixture.h"

namespace relay::test {
namespace {

using std::chrono::hours;

class ClaimTest : public StoreTest {
 protected:
  static constexpr CircuitPolicy kPolicy{3, seconds(10), seconds(40)};

  ClaimAnswer Ask(Turn turn = Turn::New, Store* store = nullptr) {
    auto answer = (store == nullptr ? *store_ : *store)
                      .ClaimDue({.action = "crm",
                                 .concurrency = 100,
                                 .lease = minutes(1),
                                 .turn = turn,
                                 .circuit = kPolicy,
                                 .furthest = hours(1)},
                                clock_.Now());
    if (!answer) throw std::runtime_error(answer.error().message);
    return *answer;
  }

  std::optional<Claim> Get(Turn turn = Turn::New) {
    const ClaimAnswer answer = Ask(turn);
    const auto* claim = std::get_if<Claim>(&answer);
    return claim == nullptr ? std::nullopt : std::optional(*claim);
  }

  bool RefusedAs(ClaimRefusal refusal) {
    const ClaimAnswer answer = Ask();
    const auto* refused = std::get_if<ClaimRefusal>(&answer);
    return refused != nullptr && *refused == refusal;
  }

  void EndAs(const Claim& claim, DeliveryState state, Reach reach) {
    const auto result = store_->Finish({.id = claim.delivery.id,
                                        .attempt = claim.attempt,
                                        .state = state,
                                        .next_try = clock_.Now() + seconds(1),
                                        .error = "HTTP 503",
                                        .reach = reach},
                                       clock_.Now());
    ASSERT_TRUE(result && *result == FinishResult::Recorded);
  }

  // As many attempts as are asked for fail, each of a session of its own.
  void Fail(int count) {
    for (int i = 0; i < count; ++i) {
      AcceptSome(1);
      EndAs(Get().value(), DeliveryState::Due, Reach::Failed);
    }
  }

  void AcceptSome(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string session = "s" + std::to_string(++sessions_);
      AcceptOne(Post(session, "post of " + session));
    }
  }

  int sessions_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, ClaimTest, EveryStore(), NameOfKind);

TEST_P(ClaimTest, NewAndRetriedWorkTakeTurns) {
  Fail(2);
  clock_.Advance(minutes(5));
  AcceptSome(2);

  EXPECT_EQ(Get(Turn::New)->attempt, 1) << "the retries, due for longer, came first";
  EXPECT_EQ(Get(Turn::Retried)->attempt, 2);
  EXPECT_EQ(Get(Turn::New)->attempt, 1);
  EXPECT_EQ(Get(Turn::Retried)->attempt, 2);
  EXPECT_FALSE(Get());
}

TEST_P(ClaimTest, WhereThereIsNoneOfTheKindThatIsAskedForTheOtherGoes) {
  AcceptSome(1);
  EXPECT_EQ(Get(Turn::Retried)->attempt, 1);
  Fail(1);
  clock_.Advance(seconds(1));
  EXPECT_EQ(Get(Turn::New)->attempt, 2);
}

TEST_P(ClaimTest, ADestinationThatFailsAgainAndAgainIsLeftAlone) {
  Fail(2);
  AcceptSome(1);
  EXPECT_FALSE(RefusedAs(ClaimRefusal::CircuitOpen)) << "two failures may be bad luck";

  Fail(1);
  AcceptSome(1);
  EXPECT_TRUE(RefusedAs(ClaimRefusal::CircuitOpen));
  const auto circuits = place_->Open()->Circuits();
  ASSERT_EQ(circuits->size(), 1U);
  EXPECT_EQ(circuits->front().action, "crm");
  EXPECT_EQ(circuits->front().failures, 3);
  EXPECT_EQ(circuits->front().reason, "HTTP 503");
}

TEST_P(ClaimTest, OneProbeAtATimeFindsOutWhetherItIsBack) {
  Fail(3);
  AcceptSome(3);
  clock_.Advance(seconds(10));

  const auto probe = Get();
  ASSERT_TRUE(probe);
  EXPECT_TRUE(RefusedAs(ClaimRefusal::AtLimit));
  EndAs(*probe, DeliveryState::Due, Reach::Failed);
  clock_.Advance(seconds(19));
  EXPECT_TRUE(RefusedAs(ClaimRefusal::CircuitOpen)) << "each failed probe doubles the wait";
  clock_.Advance(seconds(1));
  EndAs(*Get(), DeliveryState::Done, Reach::Answered);
  EXPECT_TRUE(Get());
  EXPECT_TRUE(Get()) << "it answers: all may go again";
  EXPECT_TRUE(store_->Circuits()->empty());
}

TEST_P(ClaimTest, AnAnswerOfAnyKindEndsTheRowOfFailures) {
  Fail(2);
  AcceptSome(1);
  EndAs(*Get(), DeliveryState::Dead, Reach::Answered);
  Fail(2);
  AcceptSome(1);
  EXPECT_TRUE(Get());
}

TEST_P(ClaimTest, WhatSaysNothingOfTheDestinationCountsNeitherWay) {
  Fail(2);
  AcceptSome(1);
  EndAs(*Get(), DeliveryState::Dead, Reach::Unknown);
  EXPECT_EQ(store_->Circuits()->front().failures, 2);
}

TEST_P(ClaimTest, AnOperatorsRetryOrResumeEndsTheWait) {
  Fail(3);
  ASSERT_TRUE(RefusedAs(ClaimRefusal::NothingDue)) << "the retries have not come yet";
  EXPECT_EQ(*store_->Change(QueueChange::Retry, {}, clock_.Now()), 3);
  for (int i = 0; i < 3; ++i) EndAs(Get().value(), DeliveryState::Due, Reach::Failed);
  AcceptSome(1);
  ASSERT_TRUE(RefusedAs(ClaimRefusal::CircuitOpen));
  EXPECT_TRUE(*store_->ResumeAction("crm"));
  EXPECT_TRUE(Get());
  EXPECT_FALSE(*store_->ResumeAction("crm"));
}

TEST_P(ClaimTest, TheCircuitOfOneActionIsNotThatOfAnother) {
  Fail(3);
  AcceptOne(Post("s1", "x", {{"mail", {}, {}, ""}}));
  EXPECT_TRUE(ClaimNow(*store_, "mail"));
}

TEST_P(ClaimTest, WhatIsTooOldIsGivenUpWithoutATryOldestFirst) {
  Fail(3);
  AcceptOne(Post("line", "1"));
  AcceptOne(Post("line", "2"));
  clock_.Advance(hours(2));
  AcceptOne(Post("line", "3"));

  const Overdue overdue{"crm", clock_.Now() - hours(1), OnDead::Skip, 100};
  EXPECT_EQ(*store_->GiveUp(overdue, clock_.Now()), 5U);
  EXPECT_EQ(*store_->GiveUp(overdue, clock_.Now()), 0U);
  const auto left = Deliveries({{}, {}, {}, DeliveryState::Due});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left[0].next_try) << "its turn has come";
  for (const Delivery& dead : Deliveries({{}, {}, {}, DeliveryState::Dead})) {
    EXPECT_THAT(dead.last_error, testing::StartsWith("given up because of its age: HTTP 503"));
  }
}

TEST_P(ClaimTest, GivingUpEndsAsManyAsItIsAskedForAndHoldsTheLineWhereItMust) {
  Fail(3);
  AcceptOne(Post("line", "1"));
  AcceptOne(Post("line", "2"));
  clock_.Advance(hours(2));

  EXPECT_EQ(*store_->GiveUp({"crm", clock_.Now() - hours(1), OnDead::Hold, 2}, clock_.Now()), 2U);
  EXPECT_EQ(*store_->GiveUp({"crm", clock_.Now() - hours(1), OnDead::Hold, 9}, clock_.Now()), 2U);
  EXPECT_EQ(Deliveries({{}, {}, "line", DeliveryState::Due}).size(), 1U) << "it was not held";
}

TEST_P(ClaimTest, AClockThatIsPutBackDelaysNoTry) {
  Fail(1);
  clock_.Advance(-hours(24));
  const auto claim = Get();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->attempt, 2);
}

TEST_P(ClaimTest, AClockThatIsPutBackDelaysNoNewPost) {
  AcceptSome(1);
  clock_.Advance(-hours(24));
  EXPECT_TRUE(Get());
}

TEST_P(ClaimTest, AClaimFromBeforeTheClockWasPutBackLapses) {
  AcceptSome(1);
  const auto first = Get();
  clock_.Advance(-hours(24));
  const auto second = Get();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->delivery.id, first->delivery.id);
  EXPECT_EQ(End(*first, DeliveryState::Done), FinishResult::LostClaim);
}

TEST_P(ClaimTest, AClockThatIsPutBackEndsTheWaitOfACircuit) {
  Fail(3);
  AcceptSome(1);
  clock_.Advance(-hours(24));
  EXPECT_TRUE(Get());
}

TEST_P(ClaimTest, AClockThatIsPutForwardLosesNothing) {
  Fail(1);
  AcceptSome(1);
  clock_.Advance(hours(24));
  EXPECT_TRUE(Get());
  EXPECT_TRUE(Get());
}

}  // namespace
}  // namespace relay::test
