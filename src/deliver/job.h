// What goes from the deliverer to a worker and back. Plain values; no I/O.
#pragma once

#include <string>

#include "config/config.h"
#include "model/delivery.h"
#include "store/store.h"

namespace relay {

// What the deliverer remembers of an action between claims.
struct Line {
  const ActionConfig* action;
  Turn turn = Turn::New;
  bool left_alone = false;  // its circuit was open at the last look
};

struct Claimed {
  Line* line;
  Claim claim;
};

// A delivery to be tried, with all that is needed for that.
struct Job {
  Line* line;
  Claim claim;
  PostInSession post;
  std::string transcript;
  std::string trace_id;
};

// A try that has ended and is not recorded yet.
struct Ended {
  Line* line;
  Claim claim;
  Outcome outcome;
  std::string trace_id = {};  // empty where the post could not be read
  Time received_at = {};      // when its post came
  std::chrono::microseconds took = {};
};

}  // namespace relay
