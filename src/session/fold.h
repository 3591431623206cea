// How a session grows by a post: its event, its transcript, its state. Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/fields.h"
#include "model/post.h"
#include "model/session.h"

namespace relay {

// Reads the whole transcript held so far. Called only where the tail in the state cannot decide.
using ReadTranscript = std::function<Result<std::string>()>;

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
// `endpoint_event` is what the configuration says of the URL that was posted to.
// Fails only where reading the transcript fails.
Result<Folded> Fold(const SessionState& before, const Fields& fields, Time received_at,
                    std::optional<Event> endpoint_event, const ReadTranscript& transcript);

}  // namespace relay
