#include "e2e/database/configured_action.h"

#include <stdexcept>

#include "config/load.h"

namespace relay::test {
namespace {

// A busy machine is no failure, unless the test is about time.
std::string Patient(const std::string& keys) {
  return keys.find("timeout = ") == std::string::npos ? keys + "timeout = \"2m\"\n" : keys;
}

std::shared_ptr<const Config> Load(const TempDir& dir, const std::string& keys,
                                   const std::string& password) {
  dir.WriteSecret("db", password);
  const auto file =
      dir.Write("relay.toml", "[secrets]\ndb = { file = \"db\" }\n[action.crm]\n" +
                                  std::string("type = \"database\"\n") + Patient(keys));
  auto loaded = LoadConfig(file.string(), ProcessEnvironment());
  if (!loaded.config) throw std::runtime_error(loaded.problems.front());
  return std::make_shared<const Config>(std::move(*loaded.config));
}

}  // namespace

ConfiguredAction::ConfiguredAction(const std::string& keys, const std::string& password)
    : config_(Load(dir_, keys, password)) {
  auto made = MakeAction(config_->actions.front(), {*config_, stop_});
  if (!made) throw std::runtime_error(made.error().message);
  action_ = std::move(*made);
}

}  // namespace relay::test
