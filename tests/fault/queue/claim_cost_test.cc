// What the store does for one claim, one end and one post does not depend on how much waits.
// Counted in steps of SQLite's virtual machine, so that the machine and its load do not matter.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "fault/queue/plain_post.h"
#include "fault/queue/step_meter.h"
#include "store/sqlite_store.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kTimes =
    20;  // every act is done so often; a page that is split now and then evens out

NewDelivery DeliveryBy(const std::string& action) {
  return {action, Order::Session, OnDead::Skip, ""};
}

// A store of its own, with the meter on it.
class MeteredStore {
 public:
  MeteredStore()
      : store_(std::move(*SqliteStore::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite))) {}

  Time now() const { return clock_.Now(); }
  void Advance(Duration by) { clock_.Advance(by); }
  Store& store() { return *store_; }

  void Accept(const std::vector<NewPost>& batch) {
    for (const auto& accepted : store_->Accept(batch)) ASSERT_TRUE(accepted.ok());
  }

  // So many sessions, each with one post that gives rise to so many deliveries in line.
  void Fill(int sessions, int per_session, const std::string& action = "crm") {
    const std::vector<NewDelivery> line(static_cast<std::size_t>(per_session), DeliveryBy(action));
    std::vector<NewPost> batch;
    for (int i = 0; i < sessions; ++i) {
      const std::string session = "session " + std::to_string(sessions_++);
      batch.push_back(PlainPost(session, session, now(), line));
      if (batch.size() < 1000 && i + 1 < sessions) continue;
      Accept(batch);
      batch.clear();
    }
    Advance(minutes(1));
  }

  // Everything that is due waits for a next try in an hour.
  void FailAllThatIsDue() {
    auto connection = sql::Connection::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection.ok());
    const std::int64_t later = (now() + hours(1)).time_since_epoch().count();
    ASSERT_TRUE(connection
                    ->Execute("UPDATE delivery SET attempts = 1, next_at = ?"
                              " WHERE next_at IS NOT NULL",
                              later)
                    .ok());
  }

  ClaimAnswer Claim(int concurrency = 1000) {
    ClaimRequest request;
    request.action = "crm";
    request.concurrency = concurrency;
    request.lease = minutes(10);
    return std::move(*store_->ClaimDue(request, now()));
  }

  void End(const relay::Claim& claim, DeliveryState state) {
    Finish finish;
    finish.id = claim.delivery.id;
    finish.attempt = claim.attempt;
    finish.state = state;
    finish.next_try = now() + minutes(5);
    EXPECT_EQ(*store_->Finish(finish, now()), FinishResult::Recorded);
  }

  // What `act` costs on average. The first time it is done prepares the statements, uncounted.
  SqlWorks CostOf(const std::function<void()>& act) {
    act();
    meter_.Take();
    for (int i = 0; i < kTimes; ++i) act();
    return meter_.Take();
  }

 private:
  TempDir dir_;
  FakeClock clock_;
  StepMeter meter_;
  int sessions_ = 0;
  std::unique_ptr<SqliteStore> store_;
};

using Preparation = std::function<void(MeteredStore&)>;
using Act = std::function<void(MeteredStore&)>;

SqlWorks Cost(const Preparation& prepare, const Act& act) {
  MeteredStore store;
  prepare(store);
  return store.CostOf([&] { act(store); });
}

Act ClaimAndEnd(DeliveryState state) {
  return [state](MeteredStore& store) {
    const ClaimAnswer answer = store.Claim();
    const auto* claim = std::get_if<relay::Claim>(&answer);
    ASSERT_NE(claim, nullptr);
    store.End(*claim, state);
  };
}

Act ClaimInVain(ClaimRefusal why, int concurrency) {
  return [why, concurrency](MeteredStore& store) {
    const ClaimAnswer answer = store.Claim(concurrency);
    const auto* refusal = std::get_if<ClaimRefusal>(&answer);
    ASSERT_NE(refusal, nullptr);
    EXPECT_EQ(*refusal, why);
  };
}

// The parameter is how many sessions, or deliveries of one session, are "many".
class QueueCost : public testing::TestWithParam<int> {
 protected:
  // What `act` costs with few and with many. Trees of more rows are deeper, so that a few pages
  // more are looked at; never more rows.
  static void ExpectFlat(const std::function<Preparation(int)>& prepare, const Act& act) {
    const SqlWorks few = Cost(prepare(100), act);
    const SqlWorks many = Cost(prepare(GetParam()), act);
    ASSERT_GT(few.total.steps, 0);
    const std::string seen = "few: " + few.Listed() + "many: " + many.Listed();
    std::cout << fmt::format("{} acts, few: {} steps, {} pages; many: {} steps, {} pages\n", kTimes,
                             few.total.steps, few.total.pages, many.total.steps, many.total.pages);
    EXPECT_LE(many.total.steps, few.total.steps * 3 / 2) << seen;
    EXPECT_LE(many.total.pages, few.total.pages * 3) << seen;
  }
};

Preparation Sessions(int count) {
  return [count](MeteredStore& store) { store.Fill(count, 10); };
}
Preparation OneSession(int deliveries) {
  return [deliveries](MeteredStore& store) { store.Fill(1, deliveries); };
}
Preparation RetriesThatWait(int count) {
  return [count](MeteredStore& store) {
    store.Fill(count, 1);
    store.FailAllThatIsDue();
  };
}
Preparation RetriesThatWaitBesideWork(int count) {
  return [count](MeteredStore& store) {
    RetriesThatWait(count)(store);
    store.Fill(1, 100);
  };
}
Preparation PausedBesideWork(int count) {
  return [count](MeteredStore& store) {
    store.Fill(count, 1, "paused");
    ASSERT_TRUE(store.store().PauseAction("paused", "HTTP 401", store.now()).ok());
    store.Fill(1, 100);
  };
}
Preparation OneIsClaimed(int count) {
  return [count](MeteredStore& store) {
    store.Fill(count, 1);
    ASSERT_TRUE(std::holds_alternative<relay::Claim>(store.Claim()));
  };
}

TEST_P(QueueCost, OfAClaimAndItsEndIsTheSameHoweverManySessionsWait) {
  ExpectFlat(Sessions, ClaimAndEnd(DeliveryState::Done));
}

TEST_P(QueueCost, OfAClaimAndItsFailureIsTheSameHoweverManySessionsWait) {
  ExpectFlat(Sessions, ClaimAndEnd(DeliveryState::Due));
}

TEST_P(QueueCost, OfAClaimAndItsDeathIsTheSameHoweverManySessionsWait) {
  ExpectFlat(Sessions, ClaimAndEnd(DeliveryState::Dead));
}

TEST_P(QueueCost, OfAClaimIsTheSameHoweverManyRetriesWaitForTheirTime) {
  ExpectFlat(RetriesThatWaitBesideWork, ClaimAndEnd(DeliveryState::Done));
}

TEST_P(QueueCost, OfAClaimIsTheSameHoweverMuchIsDueForAnActionThatIsPaused) {
  ExpectFlat(PausedBesideWork, ClaimAndEnd(DeliveryState::Done));
}

TEST_P(QueueCost, OfAClaimAndItsEndIsTheSameHoweverManyOfTheSessionWait) {
  ExpectFlat(OneSession, ClaimAndEnd(DeliveryState::Done));
}

TEST_P(QueueCost, OfAClaimAndItsDeathIsTheSameHoweverManyOfTheSessionWait) {
  ExpectFlat(OneSession, ClaimAndEnd(DeliveryState::Dead));
}

TEST_P(QueueCost, OfAClaimAtTheLimitIsTheSameHoweverManyWait) {
  ExpectFlat(OneIsClaimed, ClaimInVain(ClaimRefusal::AtLimit, 1));
}

TEST_P(QueueCost, OfAClaimInVainIsTheSameHoweverManyRetriesWaitForTheirTime) {
  ExpectFlat(RetriesThatWait, ClaimInVain(ClaimRefusal::NothingDue, 1000));
}

TEST_P(QueueCost, OfAskingForTheNextTimeIsTheSame) {
  ExpectFlat(Sessions, [](MeteredStore& store) {
    const std::vector<std::string> actions{"crm", "none"};
    EXPECT_TRUE(store.store().NextDue(actions).ok());
  });
}

TEST_P(QueueCost, OfAPostIsTheSameHoweverManyOfItsSessionWait) {
  int made = 0;
  ExpectFlat(OneSession, [&made](MeteredStore& store) {
    store.Accept({PlainPost("session 0", "more " + std::to_string(++made), store.now(),
                            {DeliveryBy("crm")})});
  });
}

TEST_P(QueueCost, OfAPostIsTheSameHoweverManySessionsThereAre) {
  int made = 0;
  ExpectFlat(Sessions, [&made](MeteredStore& store) {
    const std::string name = "new " + std::to_string(++made);
    store.Accept({PlainPost(name, name, store.now(), {DeliveryBy("crm")})});
  });
}

// With ten deliveries for each of the many sessions, where there are sessions.
INSTANTIATE_TEST_SUITE_P(Quick, QueueCost, testing::Values(10'000));
INSTANTIATE_TEST_SUITE_P(Slow, QueueCost, testing::Values(100'000));

}  // namespace
}  // namespace relay::test
