// A delivering process of a run: threads that claim from the store, pretend to deliver, and write
// down what they do.
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

constexpr int kClaimersOfAProcess = 2;

class Claimer {
 public:
  // `clock` and `journal` must outlive it. Throws where the store cannot be opened.
  Claimer(const std::filesystem::path& database, const FastClock& clock, const Journal& journal,
          unsigned seed);

  // Claims one delivery of some action and sees to it; false where none was given. Throws where the
  // store fails for good.
  bool TryOne();

 private:
  void Deliver(const ActionRules& action, const Claim& claim, Time claimed_at);
  Finish Draw(const ActionRules& action, const Claim& claim, Time lease_end);
  void OutstayLease(const Claim& claim, Time lease_end);
  void Sleep(Duration time) const;
  Duration UpTo(Duration longest);
  bool OneIn(unsigned n) { return random_() % n == 0; }

  const FastClock& clock_;
  const Journal& journal_;
  const std::vector<ActionRules> actions_ = Rules();
  std::unique_ptr<Store> store_;
  std::mt19937 random_;
};

}  // namespace relay::test
