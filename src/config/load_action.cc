#include "config/load_action.h"

#include <fmt/format.h>

#include "config/load_database.h"
#include "config/load_exec.h"
#include "config/load_file.h"
#include "config/load_http.h"
#include "config/load_mail.h"

namespace relay {
namespace {

struct Type {
  const char* name;
  Duration timeout;  // where the configuration says none
  decltype(ActionConfig::what) (*load)(ActionReader& action);
};

template <auto kLoad>
constexpr auto kLoadAs =
    [](ActionReader& action) -> decltype(ActionConfig::what) { return kLoad(action); };

constexpr Type kTypes[] = {
    {"http", std::chrono::seconds(10), kLoadAs<&LoadHttp>},
    {"database", std::chrono::seconds(10), kLoadAs<&LoadDatabase>},
    // A server looks through a mail before it says yes; one that is given up meanwhile comes twice.
    {"email", std::chrono::minutes(1), kLoadAs<&LoadMail>},
    {"file", std::chrono::seconds(10), kLoadAs<&LoadFile>},
    {"exec", std::chrono::seconds(10), kLoadAs<&LoadExec>},
};

void LoadRetry(TableReader& action, RetryConfig& retry) {
  const toml::table* table = action.Table("retry");
  if (table == nullptr) return;
  TableReader reader(table, action.where() + ": retry", action.problems());
  retry.first = reader.DurationOf("first").value_or(retry.first);
  retry.max = reader.DurationOf("max").value_or(retry.max);
  retry.give_up = reader.DurationOf("give_up").value_or(retry.give_up);
  reader.Finish();
  if (retry.max < retry.first) reader.Problem("max", "must not be shorter than first");
}

// Nothing, with a problem noted, where it has no type that there is.
const Type* FindType(TableReader& action) {
  std::vector<std::string> names;
  for (const Type& type : kTypes) names.emplace_back(type.name);
  const auto found = action.OneOf("type", names);
  if (found) return &kTypes[*found];
  if (action.Find("type") == nullptr) action.Problem("type", R"(is missing; "http" is one)");
  return nullptr;
}

void LoadWhen(TableReader& action, ActionConfig& config) {
  auto text = action.String("when");
  if (text) config.when = {"when", LineOf(*action.Find("when")), std::move(*text)};
}

}  // namespace

ActionConfig LoadAction(const std::string& name, const toml::table& table, ProblemList& problems) {
  ActionConfig config;
  config.name = name;
  ActionReader action(&table, fmt::format("action \"{}\"", name), "", problems, config.expressions);
  config.line = action.line();
  const Type* type = FindType(action);
  if (type == nullptr) return config;  // its keys are those of another type
  config.type = type->name;
  LoadWhen(action, config);
  config.timeout = action.DurationOf("timeout").value_or(type->timeout);
  config.concurrency = action.IntegerIn("concurrency", 1, 1000).value_or(config.concurrency);
  if (const auto order = action.OneOf("order", {"session", "none"})) {
    config.order = *order == 0 ? Order::Session : Order::None;
  }
  if (const auto on_dead = action.OneOf("on_dead", {"skip", "hold"})) {
    config.on_dead = *on_dead == 0 ? OnDead::Skip : OnDead::Hold;
  }
  LoadRetry(action, config.retry);
  config.what = type->load(action);
  action.Finish();
  return config;
}

}  // namespace relay
