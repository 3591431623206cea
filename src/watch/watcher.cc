#include "watch/watcher.h"

#include <algorithm>
#include <chrono>

#include "watch/metrics_file.h"
#include "watch/survey.h"

namespace relay {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Steady::duration kEvery = std::chrono::seconds(15);
// Counting a large store takes a while: it has a tenth of the time at most.
constexpr int kRestAtLeast = 10;

}  // namespace

Watcher::Watcher(std::shared_ptr<const Config> config, std::unique_ptr<Store> store,
                 Measurements& measurements, const Clock& clock, const Log& log)
    : config_(std::move(config)),
      store_(std::move(store)),
      measurements_(measurements),
      clock_(clock),
      log_(log) {
  if (config_->notify) notifier_.emplace(config_, *store_, log_, stop_);
}

Watcher::~Watcher() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  Complain(handing_over_trouble_, HandOver());
}

void Watcher::Start() {
  thread_ = std::thread([this] {
    try {
      Work();
    } catch (const std::exception& error) {
      log_.Error("metrics and notifications have ended", {{"error", error.what()}});
    }
  });
}

void Watcher::Work() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    Look();
    lock.lock();
    changed_.wait_for(lock, std::max(kEvery, counting_took_ * kRestAtLeast),
                      [this] { return stop_.load(); });
  }
}

void Watcher::Look() {
  Complain(handing_over_trouble_, HandOver());
  if (!config_->watch.metrics_file.empty()) Complain(file_trouble_, WriteFile());
  if (notifier_) Complain(notifier_trouble_, notifier_->TellAll(clock_.Now()));
}

Result<void> Watcher::HandOver() {
  const std::vector<Measured> taken = measurements_.Take();
  auto added = store_->AddMeasured(taken);
  if (!added) measurements_.PutBack(taken);
  return added;
}

Result<void> Watcher::WriteFile() {
  const auto began = Steady::now();
  const auto families = Survey(*config_, *store_, clock_.Now());
  counting_took_ = Steady::now() - began;
  if (!families) return families.error();
  return WriteMetricsFile(config_->watch.metrics_file, Expose(*families));
}

void Watcher::Complain(std::string& before, const Result<void>& now) const {
  const std::string trouble = now ? "" : now.error().message;
  if (trouble != before && !trouble.empty()) {
    log_.Error("metrics and notifications: " + trouble);
  }
  before = trouble;
}

}  // namespace relay
