// A delivery: one post for one action, on its way. Plain values; no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace relay {

enum class DeliveryState {
  Due,      // waits for its time, or for its turn behind earlier posts of its session
  Claimed,  // a worker is at it until its lease ends
  Done,     // the other side has it
  Dead,     // given up with a reason; stays until an operator retries or drops it
  Held,     // an operator stopped it
};

// Whether the deliveries of one action and session wait for each other.
enum class Order { Session, None };

// What a dead delivery means for later ones of its session.
enum class OnDead { Skip, Hold };

std::string_view StateName(DeliveryState state);
std::optional<DeliveryState> ParseState(std::string_view name);

struct Delivery {
  DeliveryId id;
  PostId post;
  std::string session_id;
  std::string action;
  DeliveryState state = DeliveryState::Due;
  int attempts = 0;
  Time created_at{};
  std::optional<Time> next_try;  // absent: behind an earlier delivery of its session, or at an end
  std::string last_error;        // why the last attempt failed; no posted values, no secrets
  std::string last_answer = {};  // what the other side said to it, cut; no secrets
};

// What an operator was told of an action, or is being told: "dead", "paused" or "backlog".
struct Notice {
  std::string alert;
  std::string action;
  int attempts = 0;             // at telling it, since it was told last
  std::int64_t told = 0;        // how often it was told
  std::int64_t told_count = 0;  // how many it was about then
  Time next_at{};               // not before then, unless it is about more

  bool operator==(const Notice&) const = default;
};

// How an attempt ended, decided by the action that made it.
enum class OutcomeKind {
  Done,
  Retry,        // may succeed later
  Dead,         // will never succeed as it is
  AuthRefused,  // the action's credentials are wrong: it pauses, its deliveries wait
  Interrupted,  // this process is stopping; another try is due at once
};

// What an attempt tells of its destination, whatever became of the delivery.
enum class Reach {
  Unknown,   // it was not asked, or not to the end
  Answered,  // it works, even where it refused this one
  Failed,    // it is down, or says that it cannot serve
};

struct Outcome {
  OutcomeKind kind = OutcomeKind::Retry;
  std::string reason;                   // empty when done
  std::optional<Duration> retry_after;  // what the other side asked for
  Reach reach = Reach::Unknown;
  std::string answer = {};  // what the other side said, cut, for an operator; no secrets
};

}  // namespace relay
