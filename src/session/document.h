// The post as expressions see it: one JSON object. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/post.h"
#include "model/session.h"

namespace relay {

using Labels = std::map<std::string, std::string>;  // form name of a variable → what people call it

// The entries of a transcript: [{time, text, system}].
Json ChatValue(std::string_view transcript);

// All 32 variables typed, then raw, post_id, received_at, endpoint, remote_addr, remote_user,
// event, event_source, transcript, chat, session and labels. `session` is the state with this post
// in it, `transcript` all chat up to and including it.
Json BuildDocument(const StoredPost& post, const Fields& fields, const SessionState& session,
                   std::string transcript, const Labels& labels);

}  // namespace relay
