// How a session grows by a post: its event, its transcript, its state. Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/fields.h"
#include "model/post.h"
#include "model/session.h"
#include "session/system_line.h"

namespace relay {

// Reads the whole transcript held so far. Called only where the tail in the state cannot decide.
using ReadTranscript = std::function<Result<std::string>()>;

// What the configuration says that the posts do not.
struct FoldRules {
  std::optional<Event> endpoint_event = {};  // of the URL that was posted to
  SystemLines system_lines = {};
};

struct Folded {
  SessionState state;  // of the session with this post in it
  PostFacts facts;
};

// Events: the endpoint's wins. Otherwise a ClosingTime that says some time, even one that cannot be
// read, is Closed; the session's first post is Started; a PickupTime later than the latest seen is
// Resumed; anything else is Updated.
//
// The state is closed from a Closed post until one that is Started or Resumed; an Updated post,
// such as the console being closed afterwards, leaves it as it is. A technician goes by TechName,
// and by TechID where the name is missing or blank.
//
// Folds a post into its session; `before` is a default SessionState for a session's first post.
// Fails only where reading the transcript fails.
Result<Folded> Fold(const SessionState& before, const Fields& fields, Time received_at,
                    const FoldRules& rules, const ReadTranscript& transcript);

// Folds in that no post has come for too long: a post of ours, without chat.
Folded Lapse(const SessionState& before, Time now);

}  // namespace relay
