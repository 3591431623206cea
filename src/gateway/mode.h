// How this process was started.
#pragma once

namespace relay {

enum class Mode {
  FastCgi,  // descriptor 0 is a listening socket
  Cgi,      // GATEWAY_INTERFACE is set (RFC 3875, section 4.1.4)
  Neither,
};

Mode DetectMode();

}  // namespace relay
