// Reads the configuration: a TOML file, the environment it names, and the files of its secrets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"

namespace relay {

// Looks up a variable of the environment; absent where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment ProcessEnvironment();

// One mistake, as it is shown: `relay.toml:14: action "crm": unknown key "ulr" (did you mean
// "url"?)`.
using Problems = std::vector<std::string>;

struct LoadedConfig {
  std::optional<Config> config;  // absent where there are problems
  Problems problems;             // all of them, in the order of the file
};

// Secrets that systemd hands to its units alone (LoadCredential=): who delivers needs them; who
// looks at the store, or changes it, does without where the process is no such unit.
enum class Credentials { Needed, WhereGiven };

// `file` as given on the command line; else RESCUE_RELAY_CONFIG; else
// /etc/rescue-relay/relay.toml where it exists; else the defaults.
LoadedConfig LoadConfig(const std::optional<std::string>& file, const Environment& environment,
                        Credentials credentials = Credentials::Needed);

// Compiles every jq expression, about 15 ms for each action, and says which are wrong. Left out
// by programs that answer one request and end.
Problems CheckExpressions(const Config& config);

}  // namespace relay
