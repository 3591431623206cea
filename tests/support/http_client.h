// Sends bytes to a web server on loopback and reads what it answers. Raw on purpose: a test can ask
// for a target no library would let through, or stop in the middle of a body.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/http_message.h"

namespace relay::test {

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

struct HttpRequest {
  std::string method = "POST";
  std::string target = "/script.fcgi";
  Headers headers;  // Host and Connection are added
  std::string body;
  // What Content-Length says, where that is not the size of the body.
  std::optional<size_t> claimed_length;
  // The body in chunks of this size, without Content-Length; 0 sends it plain.
  size_t chunk_size = 0;
};

// A form post, as Rescue sends it.
HttpRequest Post(std::string target, std::string body,
                 std::string content_type = "application/x-www-form-urlencoded");

// The bytes of the request as they go over the wire to this port of localhost.
std::string Serialised(const HttpRequest& request, int port = 80);

// nullopt when no whole answer came within half a minute. A request whose body is shorter than
// claimed ends by closing the sending side.
std::optional<Response> Fetch(int port, const HttpRequest& request);

}  // namespace relay::test
