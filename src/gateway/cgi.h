// Answers one CGI request (RFC 3875) on descriptors 0 and 1.
//
// The reply is written when the post is committed. Deliveries are made by a process of its own that
// is started after the reply: the web server waits for this one to end, and may kill it.
#pragma once

#include "config/load.h"

namespace relay {

// Returns the exit status: 0 where a reply was written, whatever it says.
int RunCgi(const Environment& environment);

}  // namespace relay
