// A session for a person to read. Pure; any thread.
#pragma once

#include <string>

#include "base/json.h"
#include "session/document.h"

namespace relay {

// `session` is what session show prints with --json, `newest` the document of its newest post.
// Variables that were posted go by their labels; `newest` may be empty where it cannot be read.
std::string SessionView(const Json& session, const Json& newest, const Labels& labels);

}  // namespace relay
