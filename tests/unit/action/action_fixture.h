// An action as the configuration makes it, tried without a store.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "action/action.h"
#include "config/load.h"
#include "support/http_sink.h"
#include "support/temp_dir.h"

namespace relay {

// A configuration with one action in a folder of its own, and what expressions see of a post.
class ActionTest : public testing::Test {
 protected:
  // `toml` is all of relay.toml but the store.
  Action& Make(const std::string& toml) {
    const auto file =
        dir_.Write("relay.toml", "[store]\nurl = \"sqlite:" + (dir_.path() / "relay.db").string() +
                                     "\"\n" + toml);
    LoadedConfig loaded =
        LoadConfig(file.string(), [](const std::string&) { return std::optional<std::string>(); });
    EXPECT_THAT(loaded.problems, testing::IsEmpty());
    config_ = std::make_unique<Config>(std::move(loaded.config).value_or(Config{}));
    if (config_->actions.empty()) throw std::runtime_error("no action in " + toml);
    auto action = MakeAction(config_->actions.front(), {*config_, stop_});
    if (!action) throw std::runtime_error(action.error().message);
    action_ = std::move(*action);
    return *action_;
  }

  Outcome Run(const std::string& toml, int attempt = 1) {
    return Make(toml).Run({document_, "store-1", attempt});
  }

  // Loads a configuration that is wrong.
  Problems ProblemsOf(const std::string& toml) {
    return LoadConfig(dir_.Write("wrong.toml", toml).string(),
                      [](const std::string&) { return std::optional<std::string>(); })
        .problems;
  }

  test::TempDir dir_;
  std::atomic<bool> stop_{false};
  std::unique_ptr<Config> config_;
  std::unique_ptr<Action> action_;
  Json document_{{"SessionID", "S-1"},
                 {"Tracking0", "CASE-1"},
                 {"TechName", "Søren \"Ö\" <x>"},
                 {"transcript", "10:00 a\n10:01 b"},
                 {"nothing", nullptr}};
};

}  // namespace relay
