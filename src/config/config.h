// What the operator's TOML file says, as plain values. Immutable once loaded; any thread may read
// it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "config/action_config.h"
#include "config/users.h"
#include "decode/redaction.h"
#include "model/event.h"
#include "session/document.h"

namespace relay {

struct StoreConfig {
  std::string path = "/var/lib/rescue-relay/relay.db";
  std::uint64_t min_free = std::uint64_t{256} << 20;
  Duration keep_done = std::chrono::days(90);
  Duration keep_quarantined = std::chrono::days(90);
};

struct IntakeConfig {
  std::uint64_t max_body = std::uint64_t{16} << 20;
  int threads = 64;
  bool trust_remote_user = false;
  std::string users_file;  // empty: nobody is asked for a password
  Users users;             // as they were in the file when it was loaded
  std::vector<std::string> allow_origins;
};

struct SessionConfig {
  std::optional<Duration> give_up;  // an open session without a post for so long has lapsed
};

struct EndpointConfig {
  std::optional<Event> event;
};

enum class RunIn { ScriptFcgi, Service };

struct DeliveryConfig {
  RunIn run_in = RunIn::ScriptFcgi;
  int workers = 8;
};

// What others see of the work.
struct WatchConfig {
  bool log_posts = true;     // a line in the log for each post and delivery that goes well
  std::string metrics_file;  // for the textfile collector; empty: none is written
};

// Who is told that something needs an operator.
struct NotifyConfig {
  std::string action;                        // gets this, and no posts
  Duration every = std::chrono::hours(1);    // how soon the same is told again
  Duration backlog = std::chrono::hours(1);  // a delivery that waits for longer is told of
};

struct Config {
  std::string file;  // empty: there was none, these are the defaults
  StoreConfig store;
  IntakeConfig intake;
  DeliveryConfig delivery;
  SessionConfig session;
  Redaction redaction;
  WatchConfig watch;
  std::optional<NotifyConfig> notify;
  std::map<std::string, EndpointConfig> endpoints;
  View view;                      // labels and system lines
  Json secrets = Json::object();  // name → value; never to be printed
  std::vector<ActionConfig> actions;

  const ActionConfig* FindAction(const std::string& name) const;
  // Whether it is the one that [notify] names.
  bool NotifiesBy(const std::string& action) const { return notify && notify->action == action; }
};

}  // namespace relay
