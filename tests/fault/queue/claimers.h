// A delivering process of a run: threads that claim from the store, pretend to deliver, and write
// down what they do. As a deliverer does it, each records what has ended and claims some more in
// one change.
//
// What happens in an attempt is drawn by lot: done, dead, to be tried again later or at once, or so
// slow that the lease ends meanwhile.
#pragma once

#include <filesystem>
#include <random>

#include "fault/queue/fast_clock.h"
#include "fault/queue/journal.h"
#include "fault/queue/scenario.h"

namespace relay::test {

constexpr int kClaimersOfAProcess = 1;
constexpr int kClaimsOfATurn = 4;

class Claimer {
 public:
  // `clock` and `journal` must outlive it. Throws where the store cannot be opened.
  Claimer(const std::filesystem::path& database, const FastClock& clock, const Journal& journal,
          unsigned seed);

  // Records what has ended, claims what it can, and sees to it; false where there was nothing to
  // do. Throws where the store fails for good.
  bool TakeTurn();
  // Records what has ended.
  void End();

 private:
  struct Taken {
    const ActionRules* action;
    Claim claim;
  };

  Result<void> Record(std::vector<FinishResult>& results);
  Result<void> ClaimSome(Time now, std::vector<Taken>& taken);
  Result<std::optional<Taken>> ClaimOne(Time now);
  void Begin(const Taken& taken, Time claimed_at) const;
  void Deliver(const Taken& taken, Time claimed_at);
  void WriteDown(const std::vector<FinishResult>& results);
  Finish Draw(const ActionRules& action, const Claim& claim, Time lease_end);
  void OutstayLease(const Claim& claim, Time lease_end);
  void Sleep(Duration time) const;
  Duration UpTo(Duration longest);
  bool OneIn(unsigned n) { return random_() % n == 0; }

  const FastClock& clock_;
  const Journal& journal_;
  const std::vector<ActionRules> actions_ = Rules();
  std::unique_ptr<Store> store_;
  std::vector<Finish> ended_;  // and not recorded yet
  std::mt19937 random_;
};

}  // namespace relay::test
