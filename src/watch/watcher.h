// Looks at everything every quarter of a minute for those who watch: hands over what this process
// has measured, writes the metrics file, and notifies operators.
//
// One thread of its own, with a store of its own. It only reads, but for some rows that it writes
// in one short transaction, so it delays nobody. A crash costs what was measured since the last
// look.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/log.h"
#include "config/config.h"
#include "model/measurements.h"
#include "store/store.h"
#include "watch/notifier.h"

namespace relay {

class Watcher {
 public:
  // `measurements`, `clock` and `log` must outlive it.
  Watcher(std::shared_ptr<const Config> config, std::unique_ptr<Store> store,
          Measurements& measurements, const Clock& clock, const Log& log);
  ~Watcher();  // ends within a second or so, and hands over what was measured last

  void Start();
  // Once, in the caller's thread; not after Start().
  void Look();

 private:
  void Work();
  Result<void> HandOver();
  Result<void> WriteFile();
  // Says what is wrong when it begins and when it changes.
  void Complain(std::string& before, const Result<void>& now) const;

  const std::shared_ptr<const Config> config_;
  const std::unique_ptr<Store> store_;
  Measurements& measurements_;
  const Clock& clock_;
  const Log& log_;
  std::atomic<bool> stop_{false};
  std::optional<Notifier> notifier_;
  std::chrono::steady_clock::duration counting_took_{};
  std::string handing_over_trouble_;
  std::string file_trouble_;
  std::string notifier_trouble_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace relay
