// The delivery service: claims what is due, has it tried, and records what came of it.
//
// One thread, the dispatcher, has the store. In each of its turns it records every try that has
// ended and claims as much as there are idle workers for, in one transaction: the more is under
// way, the more tries share a sync. No transaction is open while a worker talks to the network.
//
// Any number of deliverers, in this process and others, may work on one store. A crash costs a
// repeat of what was under way, with the same Idempotency-Key, once its lease has ended.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/trigger.h"
#include "config/config.h"
#include "deliver/job.h"
#include "deliver/workers.h"
#include "store/store.h"

namespace relay {

class Deliverer {
 public:
  // The deliverer is the only user of `store`. `clock`, `log` and `measurements` must outlive it.
  Deliverer(std::shared_ptr<const Config> config, std::unique_ptr<Store> store, const Clock& clock,
            const Log& log, Measurements& measurements);
  ~Deliverer();  // stops

  // Delivers until Stop(), in threads of its own.
  void Start();

  // Delivers what is due now, and what that makes due, and returns how many tries that were.
  std::int64_t RunOnce();

  // Something may have become due. Any thread.
  void Notify() { work_.Notify(); }

  // No new claims; what is under way has `grace` to finish, then goes back to the queue. Returns
  // when all threads have ended.
  void Stop(Duration grace);

 private:
  enum class Until { Stopped, NothingDue };
  // A finish as it was put to the store, and what the store made of it.
  struct Recorded {
    Finish finish;
    Result<FinishResult> result;
  };

  void Dispatch(Until until);
  Workers::Try MakeTry();
  // Whether anything was claimed; fails where nothing could be recorded or claimed.
  Result<bool> TakeTurn(Workers& workers);
  Result<std::vector<Claimed>> RecordAndClaim(std::size_t room);
  // Says what is wrong with the store when it begins, when it changes, and once a minute.
  void Complain(const std::string& trouble);
  void TakeUp(Claimed claimed, Workers& workers);
  Result<Job> ReadJob(const Claimed& claimed);
  Duration UntilNextDue();

  // -- Claiming.
  Result<void> ClaimUpTo(std::size_t room, Time now, std::vector<Claimed>& claimed);
  Result<std::optional<Claimed>> ClaimAny(const std::vector<ActionPause>& paused, Time now);
  Result<std::optional<Claim>> ClaimOf(Line& line, Time now);
  Result<void> LeaveAlone(Line& line, Time now);

  // -- Recording.
  Recorded Record(const Ended& ended, Time now);
  Finish FinishOf(const Ended& ended, Time now);
  // Forgets what is recorded, or never can be, and says so; the rest stays for another turn.
  void Settle(const std::vector<Recorded>& recorded);
  bool IsWorthAnotherTry(const Ended& ended, const Error& error) const;
  void Report(const Ended& ended, const Recorded& recorded) const;
  void Measure(const Ended& ended, const Finish& finish) const;
  void ReportEnd(const Ended& ended, const Finish& finish) const;

  const std::shared_ptr<const Config> config_;
  const Clock& clock_;
  const Log& log_;
  Measurements& measurements_;

  // The dispatcher's own.
  std::unique_ptr<Store> store_;
  std::vector<Line> lines_;  // one for each action of the configuration
  std::size_t next_line_ = 0;
  std::vector<Ended> ended_;  // not recorded yet
  std::int64_t tries_ = 0;
  std::string trouble_;  // of the last turn; empty where there was none
  std::chrono::steady_clock::time_point complained_{};
  std::minstd_rand random_{std::random_device{}()};

  Trigger work_;                       // something to do for the dispatcher
  Trigger stopped_;                    // it has ended
  std::atomic<bool> stopping_{false};  // claim nothing more
  std::atomic<bool> aborting_{false};  // end what is under way
  std::thread dispatcher_;
};

}  // namespace relay
