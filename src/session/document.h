// The post as expressions see it: one JSON object. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time_zone.h"
#include "model/post.h"
#include "model/session.h"
#include "session/members.h"
#include "session/system_line.h"

namespace relay {

using Labels = std::map<std::string, std::string>;  // form name of a variable → what people call it

// What the configuration says of how posts are seen.
struct View {
  Labels labels = {};
  SystemLines system_lines = {};
  TimeZone time_zone = {};  // of .local
};

// The names of all members of the document of a delivery.
std::vector<std::string> DocumentMembers();

// The entries of a transcript: [{time, text, system}].
Json ChatValue(std::string_view transcript, const SystemLines& system_lines = {});

// All 32 variables typed, then raw, post_id, received_at, endpoint, remote_addr, remote_user,
// event, event_source, transcript, chat, session, labels, session_uuid and local. `session` is the
// state with this post in it, `transcript` all chat up to and including it. Members that are not
// wanted are left out.
Json BuildDocument(const StoredPost& post, const Fields& fields, const SessionState& session,
                   std::string transcript, const View& view, const Members& wanted = {});

}  // namespace relay
