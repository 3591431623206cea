#include "gateway/service.h"

#include "store/sqlite_store.h"

namespace relay {
namespace {

constexpr Duration kStopGrace = std::chrono::seconds(4);

}  // namespace

Result<std::unique_ptr<Service>> Service::Open(std::shared_ptr<const Config> config,
                                               const Clock& clock, const Log& log) {
  const std::string& path = config->store.path;
  auto received = SqliteStore::OpenOrReplace(path);
  if (!received) return received.error();
  auto kept_up = SqliteStore::OpenOrReplace(path);
  if (!kept_up) return kept_up.error();
  auto watched = SqliteStore::OpenOrReplace(path);
  if (!watched) return watched.error();
  std::unique_ptr<Service> service(new Service(config));
  Measurements& measurements = service->measurements_;
  service->store_ = std::move(*received);
  service->upkeep_ = std::make_unique<Upkeep>(config, std::move(*kept_up), clock, log);
  service->watcher_ =
      std::make_unique<Watcher>(config, std::move(*watched), measurements, clock, log);
  std::function<void()> on_queued;
  if (config->delivery.run_in == RunIn::ScriptFcgi && !config->actions.empty()) {
    auto delivered = SqliteStore::OpenOrReplace(path);
    if (!delivered) return delivered.error();
    service->deliverer_ =
        std::make_unique<Deliverer>(config, std::move(*delivered), clock, log, measurements);
    on_queued = [deliverer = service->deliverer_.get()] { deliverer->Notify(); };
  }
  service->intake_ =
      std::make_unique<Intake>(config, *service->store_, clock, log, measurements, on_queued);
  return service;
}

Service::~Service() {
  upkeep_.reset();
  if (deliverer_) deliverer_->Stop(kStopGrace);
  watcher_.reset();  // with what has ended until now
}

void Service::Start() {
  if (deliverer_) deliverer_->Start();
  upkeep_->Start();
  watcher_->Start();
}

}  // namespace relay
