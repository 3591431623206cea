// From the bytes of a request to a post that can be stored. Used when they come, and again for what
// is in quarantine, by a program that may know more by then.
#pragma once

#include <string>
#include <variant>

#include "intake/planner.h"
#include "store/store.h"

namespace relay {

// Why a request is no post that can be stored.
struct Unreadable {
  enum class Kind { CannotBeDecoded, HasNoSession };
  Kind kind = Kind::CannotBeDecoded;
  std::string reason;  // no posted values
};

// Takes what `raw` holds where it is a post, and leaves it where it is none. What [privacy] keeps
// from being stored is out of it then, if it could be decoded. `planner` must outlive the post, and
// is used by whoever stores it.
std::variant<NewPost, Unreadable> MakeNewPost(RawPost& raw, Planner& planner);

}  // namespace relay
