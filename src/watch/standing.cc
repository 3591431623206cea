#include "watch/standing.h"

namespace relay {

const char* StandingName(Standing::Kind kind) {
  switch (kind) {
    case Standing::Kind::Active:
      return "active";
    case Standing::Kind::Failing:
      return "failing";
    case Standing::Kind::Paused:
      return "paused";
    case Standing::Kind::Orphaned:
      return "orphaned";
  }
  return "";
}

Result<Standings> Standings::Read(const Config& config, Store& store) {
  auto pauses = store.PausedActions();
  if (!pauses) return pauses.error();
  auto circuits = store.Circuits();
  if (!circuits) return circuits.error();
  return Standings(config, std::move(*pauses), std::move(*circuits));
}

Standing Standings::Of(const std::string& action) const {
  if (config_->FindAction(action) == nullptr) return {Standing::Kind::Orphaned, "", {}};
  for (const ActionPause& pause : pauses_) {
    if (pause.action == action) return {Standing::Kind::Paused, pause.reason, pause.since};
  }
  for (const Circuit& circuit : circuits_) {
    if (circuit.action != action || circuit.failures < CircuitPolicy{}.trip_after) continue;
    return {Standing::Kind::Failing, circuit.reason, circuit.last_failure};
  }
  return {};
}

}  // namespace relay
