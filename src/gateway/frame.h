// Looks at FastCGI records without reading them, to learn whether a request has arrived whole.
// Pure. Source of the format: FastCGI specification 1.0, sections 3.3, 5 and 8.
#pragma once

#include <string_view>

namespace relay {

enum class Arrival {
  Incomplete,  // good so far
  Whole,       // libfcgi can read the request to its end without waiting
  Invalid,     // no request of the responder role; libfcgi must not see it
};

// What the bytes at the beginning of a connection amount to. Records that a web server has no
// reason to send (management records among them, which crash libfcgi 2.4.2) make the request
// invalid.
Arrival Inspect(std::string_view bytes);

}  // namespace relay
