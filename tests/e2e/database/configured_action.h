// An action as a configuration makes it.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "action/action.h"
#include "e2e/database/test_database.h"
#include "support/temp_dir.h"

namespace relay::test {

class ConfiguredAction {
 public:
  // `keys` are those of the action, which has the type "database".
  explicit ConfiguredAction(const std::string& keys, const std::string& password = kPassword);

  Outcome Run(const Json& document, const std::string& store_id = "store") {
    const std::string key = "key";
    return action_->Run({document, key, 1, store_id});
  }
  Result<Preview> Describe(const Json& document) {
    const std::string key = "key";
    return action_->Describe({document, key, 1, "store"});
  }
  void Stop() { stop_ = true; }

 private:
  TempDir dir_;
  std::shared_ptr<const Config> config_;
  std::atomic<bool> stop_ = false;
  std::unique_ptr<Action> action_;
};

}  // namespace relay::test
