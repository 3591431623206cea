// The checker finds each fault in a log made by hand, and nothing in one that only looks odd.
#include "fault/queue/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relay::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr int kLease = 100;
constexpr auto kDue = DeliveryState::Due;
constexpr auto kDone = DeliveryState::Done;
constexpr auto kDead = DeliveryState::Dead;

Time At(int ms) {
  return Time(Duration(ms));
}

// Three posts of one session, each with one delivery of the same number.
class Checker : public testing::Test {
 protected:
  void Posts(const std::string& action, std::vector<DeliveryState> states) {
    for (const DeliveryState state : states) {
      history_.posts.push_back({"s", {{action}}});
      history_.stored.push_back("s");
      const auto id = static_cast<std::int64_t>(history_.posts.size());
      Stored(id, id, action, state);
    }
  }
  void Stored(std::int64_t id, std::int64_t post, const std::string& action, DeliveryState state) {
    Delivery delivery;
    delivery.id = DeliveryId{id};
    delivery.post = PostId{post};
    delivery.session_id = "s";
    delivery.action = action;
    delivery.state = state;
    history_.deliveries.push_back(delivery);
  }

  void Begun(int id, int attempt, int at, int claimed_at) {
    history_.records.push_back({.moment = Moment::Begun,
                                .attempt = attempt,
                                .delivery = DeliveryId{id},
                                .at = At(at),
                                .claimed_at = At(claimed_at),
                                .until = At(claimed_at + kLease)});
    Delivery& delivery = history_.deliveries.at(static_cast<std::size_t>(id - 1));
    delivery.attempts = std::max(delivery.attempts, attempt);
  }
  void Begun(int id, int attempt, int at) { Begun(id, attempt, at, at); }
  void Ended(int id, int attempt, int at, DeliveryState end, int next_try = 0) {
    history_.records.push_back({.moment = Moment::Ended,
                                .end = end,
                                .attempt = attempt,
                                .delivery = DeliveryId{id},
                                .at = At(at),
                                .until = At(next_try)});
  }
  void Told(int id, int attempt, Moment moment) {
    history_.records.push_back({.moment = moment, .attempt = attempt, .delivery = DeliveryId{id}});
  }
  // All of an attempt.
  void Attempt(int id, int attempt, int from, int to, DeliveryState end, int next_try = 0) {
    Begun(id, attempt, from);
    Ended(id, attempt, to, end, next_try);
    Told(id, attempt, Moment::Recorded);
  }

  void ExpectNothing() {
    const Verdict verdict = Judge(history_);
    EXPECT_TRUE(verdict.faults.empty()) << verdict.Summary();
  }
  void ExpectOnly(Fault fault) {
    const Verdict verdict = Judge(history_);
    EXPECT_THAT(verdict.faults, ElementsAre(Pair(fault, 1u))) << verdict.Summary();
  }

  History history_{.actions = {{"crm", Order::Session, OnDead::Skip, 2},
                               {"ledger", Order::Session, OnDead::Hold, 2},
                               {"archive", Order::None, OnDead::Skip, 2}}};
};

// -- What may happen.

TEST_F(Checker, AcceptsPostsOneAfterTheOtherWithRetries) {
  Posts("crm", {kDone, kDead, kDone});
  Attempt(1, 1, 10, 20, kDue, 50);
  Attempt(1, 2, 50, 60, kDone);
  Attempt(2, 1, 60, 70, kDead);
  Attempt(3, 1, 80, 90, kDone);
  ExpectNothing();
  const Verdict verdict = Judge(history_);
  EXPECT_EQ(verdict.sessions, 1u);
  EXPECT_EQ(verdict.posts, 3u);
  EXPECT_EQ(verdict.attempts, 4u);
  EXPECT_EQ(verdict.done, 2u);
  EXPECT_EQ(verdict.dead, 1u);
}

TEST_F(Checker, AcceptsPostsAtOneTimeWithoutOrder) {
  Posts("archive", {kDone, kDone});
  Begun(1, 1, 10);
  Attempt(2, 1, 11, 12, kDone);
  Ended(1, 1, 20, kDone);
  Told(1, 1, Moment::Recorded);
  ExpectNothing();
}

TEST_F(Checker, AcceptsThatALapsedClaimIsTakenOverAndItsEndRefused) {
  Posts("crm", {kDone, kDone});
  Begun(1, 1, 10);
  Attempt(1, 2, 110, 120, kDone);
  Attempt(2, 1, 125, 190, kDone);
  Ended(1, 1, 130, kDead);
  Told(1, 1, Moment::Lost);
  ExpectNothing();
  const Verdict verdict = Judge(history_);
  EXPECT_EQ(verdict.taken_over, 2u);
  EXPECT_EQ(verdict.late_finishers, 1u);
}

TEST_F(Checker, AcceptsThatAWorkerIsLateToBegin) {
  Posts("crm", {kDone});
  Begun(1, 2, 110);
  Begun(1, 1, 112, 10);
  Ended(1, 1, 115, kDone);
  Told(1, 1, Moment::Lost);
  Ended(1, 2, 120, kDone);
  Told(1, 2, Moment::Recorded);
  ExpectNothing();
}

TEST_F(Checker, AcceptsThatAWorkerDiedInTheMiddle) {
  Posts("crm", {kDone});
  Begun(1, 1, 10);
  Attempt(1, 2, 110, 120, kDone);
  ExpectNothing();
  EXPECT_EQ(Judge(history_).never_ended, 1u);
}

TEST_F(Checker, AcceptsThatAWorkerDiedBeforeTheOtherSideSawAnything) {
  Posts("crm", {kDone});
  Attempt(1, 2, 110, 120, kDone);
  ExpectNothing();
  EXPECT_EQ(Judge(history_).never_begun, 1u);
}

TEST_F(Checker, AcceptsThatAWorkerDiedWhileTheStoreKeptItsEnd) {
  Posts("crm", {kDone, kDone});
  Begun(1, 1, 10);
  Ended(1, 1, 15, kDue, 20);
  Begun(1, 2, 20);
  Ended(1, 2, 25, kDone);
  Attempt(2, 1, 26, 30, kDone);
  ExpectNothing();
}

TEST_F(Checker, AcceptsThatADeadDeliveryHoldsItsSession) {
  Posts("ledger", {kDone, kDead, kDue});
  Attempt(1, 1, 10, 20, kDone);
  Attempt(2, 1, 20, 30, kDead);
  ExpectNothing();
  EXPECT_EQ(Judge(history_).held_back, 1u);
}

TEST_F(Checker, AcceptsWhatWasDeadFromTheStart) {
  Posts("crm", {kDead, kDone});
  history_.posts[0].deliveries[0].dead_from_the_start = true;
  Attempt(2, 1, 10, 20, kDone);
  ExpectNothing();
}

// -- What may not.

TEST_F(Checker, FindsTwoWorkersAtOneDelivery) {
  Posts("archive", {kDone});
  Begun(1, 1, 10);
  Begun(1, 2, 50);
  Ended(1, 2, 60, kDone);
  Told(1, 2, Moment::Recorded);
  const Verdict verdict = Judge(history_);
  EXPECT_THAT(verdict.faults, ElementsAre(Pair(Fault::Overlap, 2u)))
      << "claimed too early, and together with another\n"
      << verdict.Summary();
}

TEST_F(Checker, FindsAClaimThatWasTakenFromAWorkerThatHadJustDied) {
  Posts("archive", {kDone});
  Begun(1, 1, 10);
  Ended(1, 1, 20, kDone);
  Attempt(1, 2, 50, 60, kDone);
  ExpectOnly(Fault::Overlap);
}

TEST_F(Checker, FindsTwoPostsOfASessionAtOneTime) {
  Posts("crm", {kDone, kDone});
  Begun(1, 1, 10);
  Attempt(2, 1, 15, 30, kDone);
  Ended(1, 1, 20, kDone);
  Told(1, 1, Moment::Recorded);
  EXPECT_THAT(Judge(history_).faults,
              ElementsAre(Pair(Fault::Overlap, 1u), Pair(Fault::Inversion, 1u)));
}

TEST_F(Checker, FindsAPostThatOvertakesARetry) {
  Posts("crm", {kDone, kDone});
  Attempt(1, 1, 10, 20, kDue, 50);
  Attempt(2, 1, 25, 30, kDone);
  Attempt(1, 2, 50, 60, kDone);
  ExpectOnly(Fault::Inversion);
}

TEST_F(Checker, FindsAPostThatOvertakesAfterAnEndThatDidNotCount) {
  Posts("crm", {kDone, kDone});
  Begun(1, 1, 10);
  Begun(1, 2, 110);
  Ended(1, 1, 120, kDone);
  Told(1, 1, Moment::Lost);
  Attempt(2, 1, 210, 215, kDone);
  Ended(1, 2, 220, kDone);
  Told(1, 2, Moment::Recorded);
  ExpectOnly(Fault::Inversion);
}

TEST_F(Checker, FindsAPostThatPassesADeadOneThatHolds) {
  Posts("ledger", {kDead, kDone});
  Attempt(1, 1, 10, 20, kDead);
  Attempt(2, 1, 25, 30, kDone);
  ExpectOnly(Fault::Inversion);
}

TEST_F(Checker, FindsAPostThatIsNotStored) {
  Posts("crm", {kDone, kDone});
  Attempt(1, 1, 10, 20, kDone);
  history_.stored.pop_back();
  history_.deliveries.pop_back();
  EXPECT_THAT(Judge(history_).faults, ElementsAre(Pair(Fault::Lost, 2u)))
      << "the post and its delivery";
}

TEST_F(Checker, FindsADeliveryThatIsNotThere) {
  Posts("crm", {kDone, kDone});
  Attempt(1, 1, 10, 20, kDone);
  history_.deliveries.pop_back();
  ExpectOnly(Fault::Lost);
}

TEST_F(Checker, FindsADeliveryThatWasMadeTwice) {
  Posts("archive", {kDone});
  Attempt(1, 1, 10, 20, kDone);
  Stored(2, 1, "archive", kDone);
  Attempt(2, 1, 30, 40, kDone);
  ExpectOnly(Fault::Lost);
}

TEST_F(Checker, FindsADeliveryThatNobodyTriesAnyMore) {
  Posts("crm", {kDue});
  Attempt(1, 1, 10, 20, kDue, 30);
  ExpectOnly(Fault::Lost);
}

TEST_F(Checker, FindsADeliveryThatWaitsBehindADeadOneThatIsToBeSkipped) {
  Posts("crm", {kDead, kDue});
  Attempt(1, 1, 10, 20, kDead);
  ExpectOnly(Fault::Lost);
}

TEST_F(Checker, FindsAClaimThatNeverEnded) {
  Posts("crm", {DeliveryState::Claimed});
  Begun(1, 1, 10);
  ExpectOnly(Fault::Lost);
}

TEST_F(Checker, FindsAnEndThatWasRefusedForNoReason) {
  Posts("crm", {DeliveryState::Claimed});
  Begun(1, 1, 10);
  Ended(1, 1, 20, kDone);
  Told(1, 1, Moment::Lost);
  EXPECT_THAT(Judge(history_).faults, ElementsAre(Pair(Fault::Lost, 2u)))
      << "its end and the delivery";
}

TEST_F(Checker, FindsANumberThatWasGivenTwice) {
  Posts("archive", {kDone});
  Begun(1, 1, 10);
  Ended(1, 1, 20, kDone);
  Attempt(1, 1, 30, 40, kDone);
  ExpectOnly(Fault::Repeated);
}

TEST_F(Checker, FindsAnAttemptAfterTheEnd) {
  Posts("crm", {kDone});
  Attempt(1, 1, 10, 20, kDone);
  Attempt(1, 2, 130, 140, kDone);
  ExpectOnly(Fault::Repeated);
}

TEST_F(Checker, FindsALateFinisherThatOverwritesANewerClaim) {
  Posts("crm", {kDone});
  Begun(1, 1, 10);
  Begun(1, 2, 110);
  Ended(1, 1, 120, kDue, 130);
  Told(1, 1, Moment::Recorded);
  Ended(1, 2, 125, kDone);
  Told(1, 2, Moment::Recorded);
  ExpectOnly(Fault::Overwritten);
}

TEST_F(Checker, FindsAnEndThatIsNotTheOneInTheStore) {
  Posts("crm", {kDead});
  Attempt(1, 1, 10, 20, kDone);
  ExpectOnly(Fault::Overwritten);
}

TEST_F(Checker, FindsATryBeforeItsTime) {
  Posts("crm", {kDone});
  Attempt(1, 1, 10, 20, kDue, 50);
  Attempt(1, 2, 40, 60, kDone);
  ExpectOnly(Fault::Early);
}

TEST_F(Checker, FindsMoreAtOnceThanTheLimit) {
  Posts("archive", {kDone, kDone, kDone});
  for (const int id : {1, 2, 3}) Begun(id, 1, 10 + id);
  for (const int id : {1, 2, 3}) {
    Ended(id, 1, 20 + id, kDone);
    Told(id, 1, Moment::Recorded);
  }
  ExpectOnly(Fault::OverLimit);
  EXPECT_EQ(Judge(history_).most_at_once["archive"], 3);
}

TEST_F(Checker, CountsALapsedClaimNoMoreForTheLimit) {
  Posts("archive", {kDone, kDone, kDone});
  for (const int id : {1, 2}) Begun(id, 1, 10);
  Attempt(3, 1, 110, 120, kDone);
  for (const int id : {1, 2}) {
    Ended(id, 1, 130, kDone);
    Told(id, 1, Moment::Recorded);
  }
  ExpectNothing();
}

}  // namespace
}  // namespace relay::test
