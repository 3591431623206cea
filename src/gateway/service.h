// What one configuration needs to run: the intake, the deliverer, the upkeep and the watcher, each
// with a store of its own.
//
// Handle() belongs to one thread at a time; the others have threads of their own.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/log.h"
#include "config/config.h"
#include "deliver/deliverer.h"
#include "intake/intake.h"
#include "intake/upkeep.h"
#include "model/measurements.h"
#include "store/store.h"
#include "watch/watcher.h"

namespace relay {

class Service {
 public:
  // Opens the store, or makes it. `clock` and `log` must outlive the service.
  static Result<std::unique_ptr<Service>> Open(std::shared_ptr<const Config> config,
                                               const Clock& clock, const Log& log);
  ~Service();  // deliveries under way have some seconds to finish

  void Start();
  std::vector<Reply> Handle(std::span<Request> requests) { return intake_->Handle(requests); }
  const Config& config() const { return *config_; }

 private:
  explicit Service(std::shared_ptr<const Config> config) : config_(std::move(config)) {}

  std::shared_ptr<const Config> config_;
  Measurements measurements_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Deliverer> deliverer_;  // null where a service delivers
  std::unique_ptr<Upkeep> upkeep_;
  std::unique_ptr<Watcher> watcher_;
  std::unique_ptr<Intake> intake_;
};

}  // namespace relay
