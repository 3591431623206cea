// A post as it arrived and as it is stored. Plain values; no I/O.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "model/event.h"
#include "model/fields.h"

namespace relay {

// The bytes of one request and what the web server said of it. Kept as they came, so that a better
// decoder can read them again.
struct RawPost {
  std::string endpoint;      // what follows script.fcgi/ in the URL; empty for the plain URL
  std::string content_type;  // as sent; may be empty or wrong
  std::string query;         // the part of the URL after "?"
  std::string body;
  std::string remote_addr;
  std::optional<std::string> remote_user;  // only where it was verified
  Time received_at{};
  std::string trace_id = {};  // as its sender named it (W3C Trace Context); empty: not at all
};

// What the fold found out about a post when it was stored.
struct PostFacts {
  Event event = Event::Updated;
  EventSource event_source = EventSource::Inferred;
  std::string adds;  // what the post adds to the session's transcript; lines end in "\n"

  bool operator==(const PostFacts&) const = default;
};

struct StoredPost {
  PostId id;
  std::string session_id;
  RawPost raw;
  PostFacts facts;
};

}  // namespace relay
