#include <fmt/format.h>
#include <signal.h>

#include "action/http_client.h"
#include "cli/commands.h"
#include "cli/workplace.h"
#include "deliver/deliverer.h"
#include "deliver/only_one.h"
#include "intake/lapse.h"
#include "intake/upkeep.h"
#include "store/sqlite_store.h"
#include "watch/watcher.h"

namespace relay {
namespace {

constexpr Duration kStopGrace = std::chrono::seconds(6);

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) sigaddset(&set, number);
  return set;
}

// A Deliverer, an Upkeep or a Watcher, with a store of its own.
template <class Worker, class... More>
Result<std::unique_ptr<Worker>> Make(const std::shared_ptr<const Config>& config, More&... more) {
  auto store = SqliteStore::OpenOrReplace(config->store.path);
  if (!store) return store.error();
  return std::make_unique<Worker>(config, std::move(*store), more...);
}

// Whether anything is left that could be delivered at once.
bool SomethingDue(const Config& config, const Clock& clock) {
  auto store = SqliteStore::Open(config.store.path, sql::OpenMode::ReadOnly);
  if (!store) return false;
  const auto paused = (*store)->PausedActions();
  if (!paused) return false;
  std::vector<std::string> names;
  for (const ActionConfig& action : config.actions) {
    const auto waits = [&](const ActionPause& pause) { return pause.action == action.name; };
    if (std::none_of(paused->begin(), paused->end(), waits)) names.push_back(action.name);
  }
  const auto due = (*store)->NextDue(names);
  return due && *due && **due <= clock.Now();
}

// A little at a time: where posts come as plain CGI, nobody else does it.
int RemoveSomeOfWhatIsTooOld(const Config& config, const Clock& clock, const Log& log) {
  auto store = SqliteStore::OpenOrReplace(config.store.path);
  if (!store) return Fail(store.error().message);
  const auto applied = ApplyRetention(**store, config, clock.Now(), log, [] { return true; });
  return applied ? kExitDone : Fail("remove what is too old: " + applied.error().message);
}

void EndSomeSilentSessions(const std::shared_ptr<const Config>& config, const Clock& clock,
                           const Log& log) {
  if (!config->session.give_up) return;
  auto store = SqliteStore::OpenOrReplace(config->store.path);
  const auto ended =
      store ? EndSilentSessions(**store, config, clock.Now(), log) : Result<void>(store.error());
  if (!ended) log.Error("end silent sessions: " + ended.error().message);
}

int DeliverOnce(const std::shared_ptr<const Config>& config, const Clock& clock, const Log& log) {
  EndSomeSilentSessions(config, clock, log);
  Measurements measurements;
  // Whoever finds another at work may leave: that one looks once more after it has let go, and sees
  // what was stored before it was asked to leave.
  for (int idle = 0; idle < 2 && (idle == 0 || SomethingDue(*config, clock));) {
    const OnlyOne one(config->store.path);
    if (!one.is_the_one()) return kExitDone;
    auto deliverer = Make<Deliverer>(config, clock, log, measurements);
    if (!deliverer) return Fail(deliverer.error().message);
    // What is due and still cannot be claimed is in the hands of a service, or its circuit is open:
    // that is not waited for.
    idle = (*deliverer)->RunOnce() > 0 ? 0 : idle + 1;
  }
  auto watcher = Make<Watcher>(config, measurements, clock, log);
  if (!watcher) return Fail(watcher.error().message);
  (*watcher)->Look();
  return RemoveSomeOfWhatIsTooOld(*config, clock, log);
}

int DeliverAlways(const Options& options, std::shared_ptr<const Config> config, const Clock& clock,
                  const Log& log) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  for (;;) {
    Measurements measurements;
    auto watcher = Make<Watcher>(config, measurements, clock, log);
    if (!watcher) return Fail(watcher.error().message);
    auto deliverer = Make<Deliverer>(config, clock, log, measurements);
    if (!deliverer) return Fail(deliverer.error().message);
    auto upkeep = Make<Upkeep>(config, clock, log);
    if (!upkeep) return Fail(upkeep.error().message);
    (*deliverer)->Start();
    (*upkeep)->Start();
    (*watcher)->Start();
    log.Info(fmt::format("delivering; store {}, {} actions", config->store.path,
                         config->actions.size()));
    int number = 0;
    std::shared_ptr<const Config> next;
    while (next == nullptr) {
      sigwait(&signals, &number);
      if (number != SIGHUP) break;
      next = OpenConfig(options);
      if (!next) log.Error("the configuration was not loaded; the one before stays");
    }
    (*deliverer)->Stop(kStopGrace);
    if (next == nullptr) return kExitDone;
    config = std::move(next);
  }
}

}  // namespace

int Deliver(const Options& options) {
  const auto config = OpenConfig(options);
  if (!config) return kExitConfig;
  const SystemClock clock;
  const Log log;
  InitHttpClients();
  return options.once ? DeliverOnce(config, clock, log)
                      : DeliverAlways(options, config, clock, log);
}

}  // namespace relay
