// A support session, folded from its posts. Plain values; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "base/time.h"

namespace relay {

// What the next post of a session needs to be folded. Kept in the session's row.
struct SessionState {
  std::int64_t posts = 0;
  Time first_post_at{};
  Time last_post_at{};
  std::optional<Time> last_pickup;       // the latest PickupTime seen
  bool closed = false;                   // a post said so, and none that it goes on
  bool lapsed = false;                   // given up as open, because no post came for too long
  std::string tracking0;                 // the newest that was not empty
  std::vector<std::string> technicians;  // names in order of their first post, each once

  // The transcript held so far: its length in bytes, its digest, and its last bytes. The digest is
  // all zero while it is not known, which is after text was added without reading what is held.
  std::int64_t held_length = 0;
  Digest held_digest{};
  std::string held_tail;

  bool operator==(const SessionState&) const = default;
};

}  // namespace relay
