// Which members of its input a jq expression can look at. Pure; any thread.
#pragma once

#include <string_view>

#include "session/members.h"

namespace relay {

// A superset of the members that the expression can see: all of them wherever it is not plain to
// see, as with "keys", "..", or a "." by itself; $post is the input, too. Made for conditions such
// as .event == "closed" and (.TechEmail | test("@example.com$")), and for values of one member.
Members MembersUsed(std::string_view expression);

}  // namespace relay
