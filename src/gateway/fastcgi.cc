#include "gateway/fastcgi.h"

#include <fmt/format.h>
#include <sysexits.h>

#include <thread>

#include "action/http_client.h"
#include "deliver/deliverer.h"
#include "deliver/upkeep.h"
#include "gateway/server.h"
#include "intake/intake.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

constexpr Duration kStopGrace = std::chrono::seconds(4);

// What one configuration needs to run; replaced whole on a reload.
struct Running {
  std::shared_ptr<const Config> config;
  std::unique_ptr<Store> store;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<Deliverer> deliverer;  // null where a service delivers
  std::unique_ptr<Upkeep> upkeep;
  std::vector<std::jthread> retiring;  // end what served earlier configurations
};

LoadedConfig LoadAndCheck(const Environment& environment) {
  LoadedConfig loaded = LoadConfig(std::nullopt, environment);
  if (loaded.config) loaded.problems = CheckExpressions(*loaded.config);
  if (!loaded.problems.empty()) loaded.config.reset();
  return loaded;
}

Result<Running> Build(Config config, const Clock& clock, const Log& log) {
  Running running;
  running.config = std::make_shared<const Config>(std::move(config));
  const std::string& path = running.config->store.path;
  auto store = SqliteStore::OpenOrReplace(path);
  if (!store) return store.error();
  running.store = std::move(*store);
  std::function<void()> on_queued;
  if (running.config->delivery.run_in == RunIn::ScriptFcgi && !running.config->actions.empty()) {
    auto own = SqliteStore::OpenOrReplace(path);
    if (!own) return own.error();
    running.deliverer = std::make_unique<Deliverer>(running.config, std::move(*own), clock, log);
    on_queued = [deliverer = running.deliverer.get()] { deliverer->Notify(); };
  }
  auto kept_up = SqliteStore::OpenOrReplace(path);
  if (!kept_up) return kept_up.error();
  running.upkeep = std::make_unique<Upkeep>(running.config, std::move(*kept_up), clock, log);
  running.intake = std::make_unique<Intake>(running.config, *running.store, clock, log, on_queued);
  return running;
}

// Stops what served the configuration before without keeping the loop waiting. Old and new may
// overlap: claims are fenced.
std::jthread Retire(std::unique_ptr<Deliverer> deliverer, std::unique_ptr<Upkeep> upkeep) {
  return std::jthread([old = std::move(deliverer), kept = std::move(upkeep)] {
    if (old) old->Stop(kStopGrace);
  });
}

void Reload(Running& running, const Environment& environment, const Clock& clock, const Log& log) {
  LoadedConfig loaded = LoadAndCheck(environment);
  for (const std::string& problem : loaded.problems) log.Error(problem);
  if (!loaded.config) {
    log.Error("the configuration is at fault and was not loaded; the one before stays");
    return;
  }
  auto next = Build(std::move(*loaded.config), clock, log);
  if (!next) {
    log.Error("the configuration was not loaded: " + next.error().message);
    return;
  }
  next->retiring = std::move(running.retiring);
  next->retiring.push_back(Retire(std::move(running.deliverer), std::move(running.upkeep)));
  running = std::move(*next);
  if (running.deliverer) running.deliverer->Start();
  running.upkeep->Start();
  log.Info("the configuration was loaded again");
}

}  // namespace

int RunFastCgi(const Environment& environment, const Log& log) {
  Server::BlockSignals();
  LoadedConfig loaded = LoadAndCheck(environment);
  for (const std::string& problem : loaded.problems) log.Error(problem);
  if (!loaded.config) return EX_CONFIG;
  const SystemClock clock;
  auto built = Build(std::move(*loaded.config), clock, log);
  if (!built) {
    log.Error(built.error().message);
    return EXIT_FAILURE;
  }
  Running running = std::move(*built);
  const ServerCallbacks callbacks{
      [&](std::span<Request> requests) { return running.intake->Handle(requests); },
      [&] { return running.config->intake.max_body; },
      [&] { Reload(running, environment, clock, log); }};
  auto server = Server::Create(0, callbacks, log);
  if (!server) {
    log.Error(server.error().message);
    return EXIT_FAILURE;
  }
  InitHttpClients();
  if (running.deliverer) running.deliverer->Start();
  running.upkeep->Start();
  log.Info(fmt::format("rescue-relay " RELAY_VERSION " receives; store {}, {} actions",
                       running.config->store.path, running.config->actions.size()));
  (*server)->Run();
  running.upkeep.reset();
  if (running.deliverer) running.deliverer->Stop(kStopGrace);
  running.retiring.clear();
  log.Info("stopped");
  return EXIT_SUCCESS;
}

}  // namespace relay
