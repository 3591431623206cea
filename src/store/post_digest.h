// What makes two requests the same, and shows that a stored one is what was received.
#pragma once

#include "base/sha256.h"
#include "model/post.h"

namespace relay {

// Of where it was posted to, how it was encoded, and its bytes.
inline Digest DigestOf(const RawPost& raw) {
  const std::string_view end("\0", 1);
  return Sha256({raw.endpoint, end, raw.content_type, end, raw.query, end, raw.body});
}

}  // namespace relay
