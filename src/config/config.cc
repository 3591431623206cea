#include "config/config.h"

namespace relay {

const ActionConfig* Config::FindAction(const std::string& name) const {
  for (const ActionConfig& action : actions) {
    if (action.name == name) return &action;
  }
  return nullptr;
}

}  // namespace relay
