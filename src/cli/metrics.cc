// Numbers in the text format that Prometheus reads:
// https://prometheus.io/docs/instrumenting/exposition_formats/
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/standing.h"
#include "cli/workplace.h"

namespace relay {
namespace {

using LabelList = std::vector<std::pair<std::string, std::string>>;

struct Sample {
  LabelList labels;
  std::int64_t value = 0;
};

struct Family {
  const char* name;
  const char* type;  // counter or gauge
  const char* help;
  std::vector<Sample> samples = {};
};

std::string EscapeLabel(const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string LabelText(const LabelList& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "{" : ",", name, EscapeLabel(value));
  }
  return text.empty() ? text : text + "}";
}

void Print(const Family& family) {
  fmt::print("# HELP {} {}\n# TYPE {} {}\n", family.name, family.help, family.name, family.type);
  for (const Sample& sample : family.samples) {
    fmt::print("{}{} {}\n", family.name, LabelText(sample.labels), sample.value);
  }
}

void PrintJson(const Family& family) {
  for (const Sample& sample : family.samples) {
    Json labels = Json::object();
    for (const auto& [name, value] : sample.labels) labels[name] = value;
    fmt::print("{}\n",
               ToText({{"name", family.name}, {"labels", labels}, {"value", sample.value}}));
  }
}

// Actions that are configured, and those that only the queue knows.
std::vector<std::string> ActionNames(const Config& config, const std::vector<QueueCount>& counts) {
  std::vector<std::string> names;
  for (const ActionConfig& action : config.actions) names.push_back(action.name);
  for (const QueueCount& row : counts) names.push_back(row.action);
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

// Every state of every action, those that are empty, too: a series that comes and goes is hard to
// watch.
Family Deliveries(const std::vector<std::string>& actions, const std::vector<QueueCount>& counts) {
  Family family{"rescue_relay_deliveries", "gauge", "Deliveries by action and state."};
  std::map<std::pair<std::string, DeliveryState>, std::int64_t> found;
  for (const QueueCount& row : counts) found[{row.action, row.state}] = row.count;
  for (const std::string& action : actions) {
    for (const DeliveryState state :
         {DeliveryState::Due, DeliveryState::Claimed, DeliveryState::Done, DeliveryState::Dead,
          DeliveryState::Held}) {
      family.samples.push_back(
          {{{"action", action}, {"state", std::string(StateName(state))}}, found[{action, state}]});
    }
  }
  return family;
}

Result<Family> OldestUndelivered(Store& store, const std::vector<std::string>& actions, Time now) {
  Family family{"rescue_relay_oldest_undelivered_seconds", "gauge",
                "Age of the oldest delivery that is due or claimed, 0 where there is none."};
  for (const std::string& action : actions) {
    const auto since = store.OldestUndelivered(action);
    if (!since) return since.error();
    const Duration age = *since ? std::max(Duration{}, now - **since) : Duration{};
    family.samples.push_back({{{"action", action}}, age / std::chrono::seconds(1)});
  }
  return family;
}

// 1 for each action that stands so.
Family Standing01(const Family& empty, const std::vector<std::string>& actions,
                  const Standings& standings, Standing::Kind kind) {
  Family family = empty;
  for (const std::string& action : actions) {
    family.samples.push_back({{{"action", action}}, standings.Of(action).kind == kind ? 1 : 0});
  }
  return family;
}

Family One(const char* name, const char* type, const char* help, std::int64_t value) {
  return {name, type, help, {{{}, value}}};
}

Result<std::vector<Family>> Measure(const Config& config, Store& store) {
  const auto totals = store.Totals();
  if (!totals) return totals.error();
  const auto counts = store.CountDeliveries();
  if (!counts) return counts.error();
  const auto standings = Standings::Read(config, store);
  if (!standings) return standings.error();
  const auto free = store.FreeBytes();
  if (!free) return free.error();
  const auto actions = ActionNames(config, *counts);
  auto oldest = OldestUndelivered(store, actions, SystemClock().Now());
  if (!oldest) return oldest.error();
  return std::vector<Family>{
      {"rescue_relay_build_info",
       "gauge",
       "The version of the program and of the store's schema.",
       {{{{"version", RELAY_VERSION}, {"schema_version", std::to_string(totals->schema_version)}},
         1}}},
      One("rescue_relay_posts_stored_total", "counter", "Posts stored since the store was made.",
          totals->posts_stored),
      Deliveries(actions, *counts),
      std::move(*oldest),
      Standing01({"rescue_relay_action_paused", "gauge", "1 where the action is paused."}, actions,
                 *standings, Standing::Kind::Paused),
      Standing01({"rescue_relay_action_failing", "gauge",
                  "1 where the action's destination fails and is only asked now and then."},
                 actions, *standings, Standing::Kind::Failing),
      One("rescue_relay_quarantined_posts", "gauge", "Posts that could not be decoded.",
          totals->quarantined),
      One("rescue_relay_store_free_bytes", "gauge", "Free space where the store grows.",
          static_cast<std::int64_t>(*free)),
      One("rescue_relay_store_min_free_bytes", "gauge", "Below this, posts get 503.",
          static_cast<std::int64_t>(config.store.min_free)),
  };
}

}  // namespace

int Metrics(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  const auto families = Measure(*place->config, *place->store);
  if (!families) return Fail(families.error().message);
  for (const Family& family : *families) options.json ? PrintJson(family) : Print(family);
  return kExitDone;
}

}  // namespace relay
