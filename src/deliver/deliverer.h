// The delivery service: workers that claim what is due, try it, and record what came of it.
//
// Any number of deliverers, in this process and others, may work on one store. No transaction is
// open while a worker talks to the network. A crash costs a repeat of what was under way, with the
// same Idempotency-Key, once its lease has ended.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/trigger.h"
#include "config/config.h"
#include "deliver/attempt.h"
#include "store/store.h"

namespace relay {

class Deliverer {
 public:
  // The deliverer is the only user of `store`. `clock` and `log` must outlive it.
  Deliverer(std::shared_ptr<const Config> config, std::unique_ptr<Store> store, const Clock& clock,
            const Log& log);
  ~Deliverer();  // stops

  // Delivers until Stop(), in threads of its own.
  void Start();

  // Delivers what is due now, and what that makes due, and returns how many tries that were.
  std::int64_t RunOnce();

  // Something may have become due. Any thread.
  void Notify() { work_.Notify(); }

  // No new claims; what is under way has `grace` to finish, then goes back to the queue. Returns
  // when all workers have ended.
  void Stop(Duration grace);

 private:
  enum class Until { Stopped, NothingDue };
  // What the deliverer remembers of an action between claims.
  struct Line {
    const ActionConfig* action;
    Turn turn = Turn::New;
    bool left_alone = false;  // its circuit was open at the last look
  };
  struct Claimed {
    Line* line;
    Claim claim;
  };
  struct Job {
    Line* line;
    Claim claim;
    PostInSession post;
    std::string transcript;
  };

  void StartWorkers(Until until);
  void Join();
  void Work(Until until);
  // Blocks until there is something to do; absent where the worker is to end.
  std::optional<Job> NextJob(Until until);
  Result<std::optional<Claimed>> ClaimAny(Time now);
  Result<std::optional<Claim>> ClaimOf(Line& line, Time now);
  Result<void> LeaveAlone(Line& line, Time now);
  // Reads what a claim is about; absent where that cannot be read, which is recorded.
  std::optional<Job> TakeUp(Claimed claimed);
  Result<Job> ReadJob(const Claimed& claimed);
  void Record(Line& line, const Claim& claim, const Outcome& outcome);
  Finish FinishOf(const ActionConfig& action, const Claim& claim, const Outcome& outcome, Time now);
  Duration UntilNextDue(Time now);
  void LogFailure(const ActionConfig& action, const Claim& claim, const Finish& finish) const;

  const std::shared_ptr<const Config> config_;
  const Clock& clock_;
  const Log& log_;

  std::mutex watch_;  // held by the one idle worker that watches the queue

  std::mutex store_mutex_;  // guards what follows
  std::unique_ptr<Store> store_;
  std::vector<Line> lines_;  // one for each action of the configuration
  std::size_t next_line_ = 0;
  std::minstd_rand random_{std::random_device{}()};

  Trigger work_;
  std::atomic<bool> stopping_{false};  // claim nothing more
  std::atomic<bool> aborting_{false};  // end what is under way
  std::atomic<int> busy_{0};
  std::atomic<std::int64_t> tries_{0};
  std::vector<std::thread> workers_;
};

}  // namespace relay
