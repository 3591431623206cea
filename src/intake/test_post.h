// A post that asks what of it has arrived: it has the header Rescue-Relay-Test with a word of the
// sender's. It passes the checks that every post does, is answered and not stored. Anybody may ask:
// the answer has nothing but what the request itself came with. Pure; any thread.
#pragma once

#include <optional>

#include "intake/request.h"

namespace relay {

// "test WORD endpoint=closed from=PATH_INFO bytes=16 authorization=yes"; absent where the post is a
// real one. An endpoint of other characters than a URL's plain ones is "?".
std::optional<Reply> AnswerTestPost(const Request& request);

}  // namespace relay
