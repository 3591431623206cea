// What a store needs beside receiving and delivering: once, a look whether what waits is still what
// was received; now and then, the removal of what is too old.
//
// One thread of its own, with a store of its own. Works in short steps and never holds a
// transaction between them, so it delays nobody. A crash costs nothing: the next start begins anew.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "config/config.h"
#include "store/store.h"

namespace relay {

// Makes the deliveries dead whose post is damaged, with that reason, and logs each. `stop` ends it
// early.
Result<void> SetDamagedAside(Store& store, const Config& config, Time now, const Log& log,
                             const StopRequested& stop);

// Removes what [store] keep_done and keep_quarantined say, batch by batch; `pause` is called
// between two of them and ends it where it says so.
Result<void> ApplyRetention(Store& store, const Config& config, Time now, const Log& log,
                            const StopRequested& pause);

class Upkeep {
 public:
  // `clock` and `log` must outlive it.
  Upkeep(std::shared_ptr<const Config> config, std::unique_ptr<Store> store, const Clock& clock,
         const Log& log);
  ~Upkeep();  // ends it within a step

  void Start();

 private:
  void Work();
  // True where it is to end.
  bool Wait(Duration limit);

  const std::shared_ptr<const Config> config_;
  const std::unique_ptr<Store> store_;
  const Clock& clock_;
  const Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace relay
