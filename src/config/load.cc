#include "config/load.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "config/load_action.h"
#include "config/load_privacy.h"
#include "config/load_secrets.h"
#include "config/table_reader.h"
#include "expr/program.h"
#include "model/variables.h"

namespace relay {
namespace {

constexpr const char* kDefaultFile = "/etc/rescue-relay/relay.toml";

// "sqlite:/path", "sqlite:///path" or nothing.
void LoadStore(TableReader& root, StoreConfig& store) {
  TableReader table(root.Table("store"), "store", root.problems());
  if (const auto url = table.String("url")) {
    constexpr std::string_view kScheme = "sqlite:";
    if (url->starts_with("postgresql:") || url->starts_with("postgres:")) {
      table.Problem("url", "PostgreSQL is not available in this version; use sqlite:/path");
    } else if (!url->starts_with(kScheme) || url->size() == kScheme.size()) {
      table.Problem("url", "must be sqlite:/path/of/the/file");
    } else {
      store.path = url->substr(kScheme.size());
      if (store.path.starts_with("//")) store.path.erase(0, 2);
    }
  }
  store.min_free = table.SizeOf("min_free").value_or(store.min_free);
  store.keep_done = table.DurationOf("keep_done").value_or(store.keep_done);
  store.keep_quarantined = table.DurationOf("keep_quarantined").value_or(store.keep_quarantined);
  table.Finish();
}

// A name that does not begin with "/" is meant beside the configuration.
void LoadUsersFile(TableReader& table, IntakeConfig& intake) {
  const auto name = table.String("users_file");
  if (!name) return;
  const auto folder = std::filesystem::path(table.problems().file()).parent_path();
  intake.users_file = folder / *name;
  LoadedUsers loaded = LoadUsers(intake.users_file);
  intake.users = std::move(loaded.users);
  for (const std::string& problem : loaded.problems) table.Problem("users_file", problem);
  if (intake.trust_remote_user) {
    table.Problem("users_file", "and trust_remote_user: only one of them can say who posts");
  }
}

// An origin as browsers send it (RFC 6454, 6.2).
bool IsOrigin(const std::string& text) {
  const auto scheme = text.find("://");
  if (scheme == std::string::npos || ToLower(text) != text) return false;
  const std::string host = text.substr(scheme + 3);
  return scheme > 0 && !host.empty() && host.find_first_of("/*?#@ ") == std::string::npos;
}

void LoadOrigins(TableReader& table, IntakeConfig& intake) {
  for (std::string& origin : table.Strings("allow_origins")) {
    if (!IsOrigin(origin)) {
      table.Problem("allow_origins", "each must be like \"https://console.example\"");
    }
    intake.allow_origins.push_back(std::move(origin));
  }
}

void LoadIntake(TableReader& root, IntakeConfig& intake) {
  TableReader table(root.Table("intake"), "intake", root.problems());
  intake.max_body = table.SizeOf("max_body").value_or(intake.max_body);
  if (intake.max_body > std::uint64_t{1} << 30) {
    table.Problem("max_body", "must not be over 1GiB");
  }
  intake.threads = table.IntegerIn("threads", 1, 4096).value_or(intake.threads);
  intake.trust_remote_user = table.Bool("trust_remote_user").value_or(intake.trust_remote_user);
  LoadUsersFile(table, intake);
  LoadOrigins(table, intake);
  table.Finish();
}

void LoadDelivery(TableReader& root, DeliveryConfig& delivery) {
  TableReader table(root.Table("delivery"), "delivery", root.problems());
  if (const auto where = table.OneOf("run_in", {"script.fcgi", "service"})) {
    delivery.run_in = *where == 0 ? RunIn::ScriptFcgi : RunIn::Service;
  }
  delivery.workers = table.IntegerIn("workers", 1, 1000).value_or(delivery.workers);
  table.Finish();
}

void LoadWatch(TableReader& root, WatchConfig& watch) {
  TableReader table(root.Table("watch"), "watch", root.problems());
  watch.log_posts = table.Bool("log_posts").value_or(watch.log_posts);
  if (auto file = table.String("metrics_file")) {
    watch.metrics_file = std::move(*file);
    if (!watch.metrics_file.starts_with('/') || !watch.metrics_file.ends_with(".prom")) {
      table.Problem("metrics_file", "must be an absolute path that ends in .prom");
    }
  }
  table.Finish();
}

void LoadEndpoints(TableReader& root, std::map<std::string, EndpointConfig>& endpoints) {
  const toml::table* table = root.Table("endpoint");
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    const std::string where = fmt::format("endpoint \"{}\"", name);
    if (node.as_table() == nullptr) {
      root.problems().Add(LineOf(node), where + ": must be a table");
      continue;
    }
    TableReader endpoint(node.as_table(), where, root.problems());
    EndpointConfig config;
    if (endpoint.OneOf("event", {"started", "resumed", "updated", "closed"})) {
      config.event = ParseEvent(*endpoint.String("event"));
    }
    endpoint.Finish();
    endpoints[name] = config;
  }
}

void LoadLabels(TableReader& root, Labels& labels) {
  TableReader table(root.Table("labels"), "labels", root.problems());
  for (const Variable& variable : kVariables) {
    if (const auto label = table.String(variable.name)) labels[std::string(variable.name)] = *label;
  }
  table.Finish();
}

void LoadSession(TableReader& root, Config& config) {
  TableReader table(root.Table("session"), "session", root.problems());
  config.session.give_up = table.DurationOf("give_up");
  config.view.system_lines.more = table.Strings("system_lines");
  if (const auto name = table.String("timezone")) {
    auto zone = TimeZone::Find(*name);
    if (zone) {
      config.view.time_zone = std::move(*zone);
    } else {
      table.Problem("timezone", zone.error().message);
    }
  }
  table.Finish();
}

void LoadActions(TableReader& root, std::vector<ActionConfig>& actions) {
  const toml::table* table = root.Table("action");
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    if (node.as_table() == nullptr) {
      root.problems().Add(LineOf(node), fmt::format("action \"{}\": must be a table", name));
      continue;
    }
    actions.push_back(LoadAction(name, *node.as_table(), root.problems()));
  }
}

// The action must be there, and its conditions are those of [notify].
void CheckNotifyAction(TableReader& table, const std::string& name, const Config& config) {
  std::vector<std::string> names;
  for (const ActionConfig& action : config.actions) names.push_back(action.name);
  const ActionConfig* action = config.FindAction(name);
  if (action == nullptr) {
    const std::string nearest = Nearest(name, names);
    table.Problem("action",
                  fmt::format("there is no action \"{}\"{}", name,
                              nearest.empty() ? "" : " (did you mean \"" + nearest + "\"?)"));
  } else if (action->when) {
    table.Problem("action", fmt::format("action \"{}\" has a `when`: it is for posts, and one that "
                                        "notifies gets none; make another action for that",
                                        name));
  }
}

void LoadNotify(TableReader& root, Config& config) {
  const toml::table* node = root.Table("notify");
  if (node == nullptr) return;
  TableReader table(node, "notify", root.problems());
  NotifyConfig notify;
  notify.action = table.String("action").value_or("");
  notify.every = table.DurationOf("every").value_or(notify.every);
  notify.backlog = table.DurationOf("backlog").value_or(notify.backlog);
  table.Finish();
  if (node->get("action") == nullptr) {
    table.Problem("action", "is missing: the name of the action that notifies");
  } else if (!notify.action.empty()) {
    CheckNotifyAction(table, notify.action, config);
  }
  config.notify = std::move(notify);
}

void LoadRoot(const toml::table& table, const Environment& environment, Credentials credentials,
              ProblemList& problems, Config& config) {
  TableReader root(&table, "", problems);
  LoadStore(root, config.store);
  LoadIntake(root, config.intake);
  LoadDelivery(root, config.delivery);
  LoadWatch(root, config.watch);
  LoadEndpoints(root, config.endpoints);
  LoadLabels(root, config.view.labels);
  LoadSession(root, config);
  config.redaction = LoadPrivacy(root);
  config.secrets = LoadSecrets(root.Table("secrets"), environment, credentials, problems);
  LoadActions(root, config.actions);
  LoadNotify(root, config);
  root.Finish();
}

// The file to read; absent where the defaults are to be used.
std::optional<std::string> ChooseFile(const std::optional<std::string>& file,
                                      const Environment& environment) {
  if (file) return file;
  if (auto named = environment("RESCUE_RELAY_CONFIG"); named && !named->empty()) return named;
  std::error_code ignored;
  if (std::filesystem::exists(kDefaultFile, ignored)) return kDefaultFile;
  return std::nullopt;
}

// Compiling takes as long for all of them as for one; only mistakes are looked for one by one.
void CheckTogether(const std::string& action, const std::vector<PlacedExpression>& expressions,
                   ProblemList& problems) {
  std::vector<std::string> texts;
  for (const PlacedExpression& expression : expressions) texts.push_back(expression.text);
  if (Program::Compile(texts)) return;
  for (const PlacedExpression& expression : expressions) {
    const auto program = Program::Compile({expression.text});
    if (program) continue;
    problems.Add(expression.line, fmt::format("action \"{}\": {}: {}", action, expression.place,
                                              program.error().message));
  }
}

}  // namespace

Environment ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody writes
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

LoadedConfig LoadConfig(const std::optional<std::string>& file, const Environment& environment,
                        Credentials credentials) {
  Config config;
  if (const auto folder = environment("STATE_DIRECTORY"); folder && !folder->empty()) {
    // systemd separates several folders by ":".
    config.store.path = folder->substr(0, folder->find(':')) + "/relay.db";
  }
  const auto chosen = ChooseFile(file, environment);
  if (!chosen) return {config, {}};
  config.file = *chosen;
  ProblemList problems(*chosen);
  try {
    const toml::table table = toml::parse_file(*chosen);
    LoadRoot(table, environment, credentials, problems, config);
  } catch (const toml::parse_error& error) {
    problems.Add(static_cast<int>(error.source().begin.line), std::string(error.description()));
  }
  auto sorted = problems.Sorted();
  if (!sorted.empty()) return {std::nullopt, std::move(sorted)};
  return {std::move(config), {}};
}

Problems CheckExpressions(const Config& config) {
  ProblemList problems(config.file);
  for (const ActionConfig& action : config.actions) {
    std::vector<PlacedExpression> all = action.expressions;
    if (action.when) all.insert(all.begin(), *action.when);
    CheckTogether(action.name, all, problems);
  }
  return problems.Sorted();
}

}  // namespace relay
