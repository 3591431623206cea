#include "gateway/mode.h"

#include <sys/socket.h>

#include <cstdlib>

namespace relay {

// FCGX_IsCGI() is of no use here: it installs signal handlers. "Descriptor 0 is a socket" would not
// do either: under mod_cgid a CGI's descriptor 0 is a connected one.
Mode DetectMode() {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0) {
    return Mode::FastCgi;
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): called before any thread is started
  return std::getenv("GATEWAY_INTERFACE") != nullptr ? Mode::Cgi : Mode::Neither;
}

}  // namespace relay
