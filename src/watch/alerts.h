// What an operator would want to be told, seen from the store.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "config/config.h"
#include "store/store.h"

namespace relay {

// Something about one action that needs an operator.
struct Alert {
  std::string name;  // "dead", "paused" or "backlog"
  std::string action;
  std::int64_t count = 0;           // deliveries that are dead, or wait
  std::int64_t oldest_seconds = 0;  // since when the oldest that is not delivered has waited
  std::string text;                 // for people: what is the matter, and what to do
};

// Of every action but the one that tells of them. Reads the store and changes nothing.
Result<std::vector<Alert>> FindAlerts(const Config& config, Store& store, Time now);

// One as it might be, to try how it is told.
Alert MakeUpAlert();

// What the expressions of the action that tells of it see: .event is "alert"; .alert, .action,
// .count, .oldest_seconds, .text, .received_at, .delivery_uuid and .attempt; nothing of a post.
Json AlertDocument(const Alert& alert, Time now, const std::string& key, int attempt);

}  // namespace relay
