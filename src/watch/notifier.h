// Tells operators of alerts, by the action that [notify] names.
//
// An alert needs no queue of its own: what it is about is in the store, and so is whether it was
// told. It is told until the action has taken it, by one process at a time; one that dies meanwhile
// leaves it to another once its lease has ended. So it may be told twice, and is not forgotten. The
// action's own failures are logged and told to nobody.
//
// Belongs to one thread at a time.
#pragma once

#include <atomic>
#include <memory>
#include <random>
#include <vector>

#include "action/action.h"
#include "base/log.h"
#include "config/config.h"
#include "store/store.h"
#include "watch/alerts.h"

namespace relay {

class Notifier {
 public:
  // `store`, `log` and `stop`, which ends an attempt under way, must outlive it. For a
  // configuration with [notify].
  Notifier(std::shared_ptr<const Config> config, Store& store, const Log& log,
           const std::atomic<bool>& stop);

  // Tells of all that is to be told now. Fails where the store does.
  Result<void> TellAll(Time now);

 private:
  Result<void> Consider(const Alert& alert, const Notice& notice, Time now);
  Result<void> Tell(const Alert& alert, const Notice& notice, Time now);
  Result<void> LowerCount(const Notice& notice, std::int64_t count);
  Notice Told(const Alert& alert, const Notice& claimed, Time now) const;
  Notice NotTold(const Alert& alert, const Notice& claimed, const Outcome& outcome, Time now);
  Outcome Attempt(const Alert& alert, const Notice& claimed, Time now);
  bool IsToBeTold(const Alert& alert, const Notice& notice, Time now) const;
  Duration Lease() const;

  const std::shared_ptr<const Config> config_;
  const ActionConfig& action_config_;
  Store& store_;
  const Log& log_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<Action> action_;  // made when it is first needed
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace relay
