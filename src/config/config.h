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
#include "config/json_template.h"
#include "model/delivery.h"
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

struct RetryConfig {
  Duration first = std::chrono::seconds(5);
  Duration max = std::chrono::hours(1);
  Duration give_up = std::chrono::days(3);
};

struct NamedTemplate {
  std::string name;
  PlacedTemplate value;
};

struct BasicAuth {
  PlacedTemplate username;
  PlacedTemplate password;
};

struct HttpConfig {
  std::string method = "POST";
  PlacedTemplate url;
  std::vector<NamedTemplate> headers;
  // At most one of the three is the body.
  std::optional<JsonTemplate> json;
  std::optional<std::vector<NamedTemplate>> form;
  std::optional<PlacedTemplate> text;
  std::optional<BasicAuth> basic;
  std::optional<PlacedTemplate> bearer;
  std::string ca_file;
  std::string client_cert;
  std::string client_key;
};

// An expression by itself: `when` and `success`.
struct PlacedExpression {
  std::string text;
  int line = 0;
};

struct ActionConfig {
  std::string name;
  int line = 0;
  std::optional<PlacedExpression> when;
  std::optional<PlacedExpression> success;
  Duration timeout = std::chrono::seconds(10);
  int concurrency = 4;
  Order order = Order::Session;
  OnDead on_dead = OnDead::Skip;
  RetryConfig retry;
  HttpConfig http;
};

struct Config {
  std::string file;  // empty: there was none, these are the defaults
  StoreConfig store;
  IntakeConfig intake;
  DeliveryConfig delivery;
  SessionConfig session;
  std::map<std::string, EndpointConfig> endpoints;
  View view;                      // labels and system lines
  Json secrets = Json::object();  // name → value; never to be printed
  std::vector<ActionConfig> actions;

  const ActionConfig* FindAction(const std::string& name) const;
};

// Every template of an action in a fixed order: url, headers, body, authentication. Rendering and
// compiling go by this order.
std::vector<const PlacedTemplate*> TemplatesOf(const HttpConfig& http);

}  // namespace relay
