#include "watch/survey.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "watch/measured_families.h"
#include "watch/standing.h"

namespace relay {
namespace {

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
      family.samples.push_back({{{"action", action}, {"state", std::string(StateName(state))}},
                                static_cast<double>(found[{action, state}])});
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
    family.samples.push_back(
        {{{"action", action}}, static_cast<double>(age / std::chrono::seconds(1))});
  }
  return family;
}

// 1 for each action that stands so.
Family Standing01(const Family& empty, const std::vector<std::string>& actions,
                  const Standings& standings, Standing::Kind kind) {
  Family family = empty;
  for (const std::string& action : actions) {
    family.samples.push_back({{{"action", action}}, standings.Of(action).kind == kind ? 1.0 : 0.0});
  }
  return family;
}

Family One(const char* name, const char* type, const char* help, std::int64_t value) {
  return {name, type, help, {{{}, static_cast<double>(value)}}};
}

// The database with its log; 0 where there is none yet.
std::int64_t BytesOfStore(const Config& config) {
  std::int64_t bytes = 0;
  for (const char* file : {"", "-wal"}) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(config.store.path + file, missing);
    if (!missing) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

}  // namespace

Result<std::vector<Family>> Survey(const Config& config, Store& store, Time now) {
  const auto totals = store.Totals();
  if (!totals) return totals.error();
  const auto counts = store.CountDeliveries();
  if (!counts) return counts.error();
  const auto standings = Standings::Read(config, store);
  if (!standings) return standings.error();
  const auto free = store.FreeBytes();
  if (!free) return free.error();
  const auto actions = ActionNames(config, *counts);
  auto oldest = OldestUndelivered(store, actions, now);
  if (!oldest) return oldest.error();
  const auto measured = store.ReadMeasured();
  if (!measured) return measured.error();
  std::vector<Family> families{
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
      One("rescue_relay_store_bytes", "gauge", "Size of the store's database and its log.",
          BytesOfStore(config)),
      One("rescue_relay_store_free_bytes", "gauge", "Free space where the store grows.",
          static_cast<std::int64_t>(*free)),
      One("rescue_relay_store_min_free_bytes", "gauge", "Below this, posts get 503.",
          static_cast<std::int64_t>(config.store.min_free)),
  };
  for (Family& family : MeasuredFamilies(*measured)) families.push_back(std::move(family));
  return families;
}

}  // namespace relay
