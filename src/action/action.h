// One action of the configuration, ready to work: a try of a delivery at its destination.
//
// An action belongs to one thread at a time, and keeps what is worth keeping between tries: the
// compiled expressions, open connections. It touches no queue.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "config/config.h"
#include "model/delivery.h"
#include "session/members.h"

namespace relay {

// A delivery, as an action sees it.
struct Work {
  const Json& document;    // the post as expressions see it
  const std::string& key;  // the same for every try of the delivery, and for no other
  int attempt = 1;
  std::string store_id = {};     // the queue it comes from; post IDs are unique within one
  std::string traceparent = {};  // W3C Trace Context, of this try; empty: none
};

// What a try would send.
struct Preview {
  std::string text;  // for people
  Json json;         // the same for programs
};

class Action {
 public:
  virtual ~Action() = default;

  // Sends nothing. Permanent where an expression fails or a value cannot stand in its place: then
  // Run would make the delivery dead for the same reason. Secrets are masked.
  virtual Result<Preview> Describe(const Work& work) = 0;

  // Which members of the document a try can look at; the others may be left out of it.
  virtual Members Wanted() const { return {}; }

  // Blocks for the action's timeout at most, and ends within a second once the program stops.
  virtual Outcome Run(const Work& work) = 0;
};

// What an action needs of the program around it; all of it outlives the action.
struct Surroundings {
  const Config& config;
  const std::atomic<bool>& stop;
};

// BadInput where its expressions do not compile. Takes some 20 ms.
Result<std::unique_ptr<Action>> MakeAction(const ActionConfig& action,
                                           const Surroundings& surroundings);

}  // namespace relay
