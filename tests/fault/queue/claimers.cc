#include "fault/queue/claimers.h"

#include <thread>

#include "fault/queue/insist.h"
#include "store/sqlite_store.h"

namespace relay::test {
namespace {

using std::chrono::seconds;

constexpr Duration kLease = seconds(200);        // a fifth of a second of ours
constexpr Duration kLongestDelay = seconds(50);  // of a retry
constexpr Duration kPatience = seconds(2000);    // until somebody takes over

}  // namespace

Claimer::Claimer(const std::filesystem::path& database, const FastClock& clock,
                 const Journal& journal, unsigned seed)
    : clock_(clock),
      journal_(journal),
      store_(Insist([&] { return SqliteStore::Open(database, sql::OpenMode::ReadWrite); })),
      random_(seed) {}

bool Claimer::TakeTurn() {
  const Time now = clock_.Now();
  std::vector<FinishResult> results;
  std::vector<Taken> taken;
  if (ended_.empty()) {  // without the lock where there is nothing to claim
    auto first = Insist([&] { return ClaimOne(now); });
    if (!first) return false;
    taken.push_back(std::move(*first));
  }
  const std::size_t before = taken.size();
  Insist([&] {
    results.clear();
    taken.resize(before);
    return store_->Together([&]() -> Result<void> {
      auto recorded = Record(results);
      return recorded ? ClaimSome(now, taken) : recorded;
    });
  });
  WriteDown(results);
  for (const Taken& one : taken) Begin(one, now);
  for (const Taken& one : taken) Deliver(one, now);
  return true;
}

void Claimer::End() {
  std::vector<FinishResult> results;
  Insist([&] {
    results.clear();
    return store_->Together([&] { return Record(results); });
  });
  WriteDown(results);
}

Result<void> Claimer::Record(std::vector<FinishResult>& results) {
  for (const Finish& finish : ended_) {
    auto result = store_->Finish(finish, clock_.Now());
    if (!result) return result.error();
    results.push_back(*result);
  }
  return {};
}

Result<void> Claimer::ClaimSome(Time now, std::vector<Taken>& taken) {
  while (taken.size() < kClaimsOfATurn) {
    auto next = ClaimOne(now);
    if (!next) return next.error();
    if (!*next) break;
    taken.push_back(std::move(**next));
  }
  return {};
}

Result<std::optional<Claimer::Taken>> Claimer::ClaimOne(Time now) {
  const std::size_t first = random_() % actions_.size();
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const ActionRules& action = actions_[(first + i) % actions_.size()];
    ClaimRequest request;
    request.action = action.name;
    request.concurrency = action.concurrency;
    request.lease = kLease;
    auto answer = store_->ClaimDue(request, now);
    if (!answer) return answer.error();
    auto* claim = std::get_if<Claim>(&*answer);
    if (claim != nullptr) return std::optional(Taken{&action, std::move(*claim)});
  }
  return std::optional<Taken>();
}

void Claimer::Begin(const Taken& taken, Time claimed_at) const {
  journal_.Write({.moment = Moment::Begun,
                  .attempt = taken.claim.attempt,
                  .delivery = taken.claim.delivery.id,
                  .at = clock_.Now(),
                  .claimed_at = claimed_at,
                  .until = claimed_at + kLease});
}

void Claimer::Deliver(const Taken& taken, Time claimed_at) {
  const Finish finish = Draw(*taken.action, taken.claim, claimed_at + kLease);
  journal_.Write({.moment = Moment::Ended,
                  .end = finish.state,
                  .attempt = finish.attempt,
                  .delivery = finish.id,
                  .at = clock_.Now(),
                  .claimed_at = claimed_at,
                  .until = finish.next_try});
  ended_.push_back(finish);
}

void Claimer::WriteDown(const std::vector<FinishResult>& results) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    const bool kept = results[i] == FinishResult::Recorded;
    journal_.Write({.moment = kept ? Moment::Recorded : Moment::Lost,
                    .end = ended_[i].state,
                    .attempt = ended_[i].attempt,
                    .delivery = ended_[i].id,
                    .at = clock_.Now(),
                    .until = ended_[i].next_try});
  }
  ended_.clear();
}

Duration Claimer::UpTo(Duration longest) {
  return Duration(random_() % static_cast<std::uint64_t>(longest.count()));
}

// What the other side makes of it, and how long it takes for that.
Finish Claimer::Draw(const ActionRules& action, const Claim& claim, Time lease_end) {
  const bool taken_over = claim.attempt > 1 && claim.delivery.last_error.empty();
  if (OneIn(1500)) {
    OutstayLease(claim, lease_end);
  } else if (taken_over) {  // takes its time, so that who was there before may come back meanwhile
    Sleep(UpTo(kLease / 2));
  } else if (OneIn(16)) {
    Sleep(UpTo(kLease / 100));
  }
  Finish finish;
  finish.id = claim.delivery.id;
  finish.attempt = claim.attempt;
  finish.on_dead = action.on_dead;
  finish.next_try = clock_.Now();
  if (OneIn(6)) {
    finish.state = DeliveryState::Due;
    if (!OneIn(5)) finish.next_try += UpTo(kLongestDelay);
  } else {
    finish.state = OneIn(30) ? DeliveryState::Dead : DeliveryState::Done;
  }
  if (finish.state != DeliveryState::Done) finish.error = "drawn by lot";
  return finish;
}

// Until another worker is at it, or even later.
void Claimer::OutstayLease(const Claim& claim, Time lease_end) {
  Sleep(lease_end - clock_.Now());
  DeliveryFilter this_one;
  this_one.ids = {claim.delivery.id};
  bool taken_over = false;
  while (!taken_over && clock_.Now() < lease_end + kPatience) {
    Sleep(seconds(1));
    Insist([&] {
      return store_->ListDeliveries(this_one, 1, [&](const Delivery& delivery) {
        taken_over = delivery.attempts > claim.attempt;
      });
    });
  }
  if (OneIn(2)) Sleep(UpTo(kLease));
}

void Claimer::Sleep(Duration time) const {
  std::this_thread::sleep_until(clock_.RealTimeOf(clock_.Now() + time));
}

}  // namespace relay::test
