// One [action.NAME] of the configuration. Plain values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "config/database_config.h"
#include "config/exec_config.h"
#include "config/file_config.h"
#include "config/http_config.h"
#include "config/mail_config.h"
#include "config/template.h"
#include "model/delivery.h"

namespace relay {

struct RetryConfig {
  Duration first = std::chrono::seconds(5);
  Duration max = std::chrono::hours(1);
  Duration give_up = std::chrono::days(3);
};

struct ActionConfig {
  std::string name;
  std::string type;
  int line = 0;
  std::optional<PlacedExpression> when;
  Duration timeout{};  // of a whole try
  int concurrency = 4;
  Order order = Order::Session;
  OnDead on_dead = OnDead::Skip;
  RetryConfig retry;
  std::variant<HttpConfig, DatabaseConfig, MailConfig, FileConfig, ExecConfig> what;
  // Of all that `what` holds, in the order of their numbers.
  std::vector<PlacedExpression> expressions;
};

}  // namespace relay
