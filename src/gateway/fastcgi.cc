#include "gateway/fastcgi.h"

#include <fmt/format.h>
#include <sysexits.h>

#include "action/http_client.h"
#include "gateway/receiver.h"
#include "gateway/server.h"

namespace relay {
namespace {

LoadedConfig LoadAndCheck(const Environment& environment) {
  LoadedConfig loaded = LoadConfig(std::nullopt, environment);
  if (loaded.config) loaded.problems = CheckExpressions(*loaded.config);
  if (!loaded.problems.empty()) loaded.config.reset();
  return loaded;
}

void Reload(Receiver& receiver, const Environment& environment, const Log& log) {
  LoadedConfig loaded = LoadAndCheck(environment);
  for (const std::string& problem : loaded.problems) log.Error(problem);
  if (!loaded.config) {
    log.Error("the configuration is at fault and was not loaded; the one before stays");
    return;
  }
  const auto reloaded = receiver.Reload(std::make_shared<const Config>(std::move(*loaded.config)));
  if (reloaded) {
    log.Info("the configuration was loaded again");
  } else {
    log.Error("the configuration was not loaded: " + reloaded.error().message);
  }
}

Result<void> Serve(Config config, const Environment& environment, const Log& log) {
  const SystemClock clock;
  Receiver receiver(clock, log);
  const ServerCallbacks callbacks{
      [&](std::span<Request> requests) { return receiver.Handle(requests); },
      [&] { return receiver.config().intake.max_body; },
      [&] { Reload(receiver, environment, log); },
      [&](Request& request) { return receiver.CheckFor(request); }};
  auto server = Server::Create(0, callbacks, log);
  if (!server) return server.error();
  auto started = receiver.Start(std::make_shared<const Config>(std::move(config)));
  if (!started) return started;
  log.Info(fmt::format("rescue-relay " RELAY_VERSION " receives; store {}, {} actions",
                       receiver.config().store.path, receiver.config().actions.size()));
  (*server)->Run();
  return {};
}

}  // namespace

int RunFastCgi(const Environment& environment, const Log& log) {
  Server::BlockSignals();
  LoadedConfig loaded = LoadAndCheck(environment);
  for (const std::string& problem : loaded.problems) log.Error(problem);
  if (!loaded.config) return EX_CONFIG;
  InitHttpClients();
  const auto served = Serve(std::move(*loaded.config), environment, log);
  if (!served) {
    log.Error(served.error().message);
    return EXIT_FAILURE;
  }
  log.Info("stopped");
  return EXIT_SUCCESS;
}

}  // namespace relay
