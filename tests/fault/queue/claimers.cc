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

bool Claimer::TryOne() {
  const std::size_t first = random_() % actions_.size();
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const ActionRules& action = actions_[(first + i) % actions_.size()];
    ClaimRequest request;
    request.action = action.name;
    request.concurrency = action.concurrency;
    request.lease = kLease;
    const Time now = clock_.Now();
    const auto answer = Insist([&] { return store_->ClaimDue(request, now); });
    if (const auto* claim = std::get_if<Claim>(&answer)) {
      Deliver(action, *claim, now);
      return true;
    }
  }
  return false;
}

void Claimer::Deliver(const ActionRules& action, const Claim& claim, Time claimed_at) {
  const Time lease_end = claimed_at + kLease;
  Record record{.moment = Moment::Begun,
                .attempt = claim.attempt,
                .delivery = claim.delivery.id,
                .at = clock_.Now(),
                .claimed_at = claimed_at,
                .until = lease_end};
  journal_.Write(record);
  const Finish finish = Draw(action, claim, lease_end);
  record.moment = Moment::Ended;
  record.end = finish.state;
  record.until = finish.next_try;
  record.at = clock_.Now();
  journal_.Write(record);
  const auto finished = Insist([&] { return store_->Finish(finish, clock_.Now()); });
  record.moment = finished == FinishResult::Recorded ? Moment::Recorded : Moment::Lost;
  record.at = clock_.Now();
  journal_.Write(record);
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
