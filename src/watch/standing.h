// How the actions stand: whether their deliveries go, and if not, why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "store/store.h"

namespace relay {

struct Standing {
  enum class Kind {
    Active,
    Failing,   // its destination is asked now and then, until it answers
    Paused,    // by an operator or because its credentials were refused
    Orphaned,  // the configuration has no action of this name
  };
  Kind kind = Kind::Active;
  std::string reason;         // of a failure or a pause
  std::optional<Time> since;  // of a pause; of the last failure
};

const char* StandingName(Standing::Kind kind);

class Standings {
 public:
  static Result<Standings> Read(const Config& config, Store& store);
  // `config` must still be there.
  Standing Of(const std::string& action) const;

 private:
  Standings(const Config& config, std::vector<ActionPause> pauses, std::vector<Circuit> circuits)
      : config_(&config), pauses_(std::move(pauses)), circuits_(std::move(circuits)) {}

  const Config* config_;
  std::vector<ActionPause> pauses_;
  std::vector<Circuit> circuits_;
};

}  // namespace relay
