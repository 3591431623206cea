// What is posted in the script.
#pragma once

#include <initializer_list>
#include <string>

#include "base/time.h"
#include "store/store.h"

namespace relay::test {

// A moment of the script.
Time At(std::chrono::seconds since_start);

// A post of a session with some chat, folded as the product does, for the actions named. Those of
// "crm" keep the session's order, others do not.
NewPost Chat(const std::string& session_id, const std::string& chat, Time now,
             std::initializer_list<const char*> actions);

// A post that cannot be planned.
NewPost Unplannable(const std::string& session_id, Time now);

NewQuarantined Unreadable(const std::string& body, Time now);

// One that takes many pages.
std::string LongChat();

}  // namespace relay::test
