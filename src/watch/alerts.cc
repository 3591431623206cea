#include "watch/alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "watch/standing.h"

namespace relay {
namespace {

// What is known of one action when alerts about it are looked for.
struct Queue {
  std::int64_t dead = 0;
  std::int64_t due = 0;
  std::optional<Time> oldest;
};

Result<std::int64_t> Count(Store& store, const std::string& action, DeliveryState state) {
  DeliveryFilter filter;
  filter.action = action;
  filter.state = state;
  return store.CountFor(QueueChange::Retry, filter);
}

Result<Queue> ReadQueue(Store& store, const std::string& action) {
  const auto dead = Count(store, action, DeliveryState::Dead);
  if (!dead) return dead.error();
  const auto due = Count(store, action, DeliveryState::Due);
  if (!due) return due.error();
  auto oldest = store.OldestUndelivered(action);
  if (!oldest) return oldest.error();
  return Queue{*dead, *due, *oldest};
}

std::string AgeText(Duration age) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(age).count();
  if (minutes < 60) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string DeadText(const std::string& action, const Queue& queue) {
  return fmt::format(
      "{} deliveries of action {} are dead. Why: rescue-relay queue list --action {} --state dead. "
      "Once that is mended: rescue-relay queue retry --action {} --state dead --yes",
      queue.dead, action, action, action);
}

std::string PausedText(const std::string& action, const Queue& queue, const Standing& standing) {
  return fmt::format(
      "Action {} is paused ({}); {} deliveries wait. Once that is mended: rescue-relay action "
      "resume {}",
      action, standing.reason, queue.due, action);
}

std::string BacklogText(const std::string& action, const Queue& queue, const Standing& standing,
                        Duration age) {
  const std::string why =
      standing.reason.empty() ? "" : fmt::format(" Its destination fails: {}.", standing.reason);
  return fmt::format(
      "The oldest delivery of action {} has waited for {}; {} wait.{} More: rescue-relay doctor",
      action, AgeText(age), queue.due, why);
}

}  // namespace

Result<std::vector<Alert>> FindAlerts(const Config& config, Store& store, Time now) {
  std::vector<Alert> alerts;
  const auto standings = Standings::Read(config, store);
  if (!standings) return standings.error();
  for (const ActionConfig& action : config.actions) {
    const std::string& name = action.name;
    if (!config.notify || config.NotifiesBy(name)) continue;
    const auto queue = ReadQueue(store, name);
    if (!queue) return queue.error();
    const Standing standing = standings->Of(name);
    const Duration age =
        queue->oldest ? std::max(now - *queue->oldest, Duration::zero()) : Duration::zero();
    const std::int64_t seconds = age / std::chrono::seconds(1);
    if (queue->dead > 0) {
      alerts.push_back({"dead", name, queue->dead, seconds, DeadText(name, *queue)});
    }
    if (standing.kind == Standing::Kind::Paused) {
      alerts.push_back({"paused", name, queue->due, seconds, PausedText(name, *queue, standing)});
    } else if (age >= config.notify->backlog) {
      alerts.push_back(
          {"backlog", name, queue->due, seconds, BacklogText(name, *queue, standing, age)});
    }
  }
  return alerts;
}

Alert MakeUpAlert() {
  const Queue queue{3, 0, {}};
  return {"dead", "crm", queue.dead, 0, DeadText("crm", queue)};
}

Json AlertDocument(const Alert& alert, Time now, const std::string& key, int attempt) {
  return {{"event", "alert"},
          {"alert", alert.name},
          {"action", alert.action},
          {"count", alert.count},
          {"oldest_seconds", alert.oldest_seconds},
          {"text", alert.text},
          {"received_at", FormatTime(now)},
          {"delivery_uuid", key},
          {"attempt", attempt}};
}

}  // namespace relay
