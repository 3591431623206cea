// HTTP/1.1 as the test client and the test server read it from a socket: exactly as on the wire,
// nothing decoded but the chunks of a body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/deadline.h"
#include "support/unique_fd.h"

namespace relay::test {

struct Headers : std::vector<std::pair<std::string, std::string>> {
  using vector::vector;
  // Names match without regard to case; the first of several.
  std::optional<std::string> Find(std::string_view name) const;
};

struct Message {
  std::string start_line;
  Headers headers;
  std::string body;
};

enum class Body {
  None,        // an answer to HEAD, or 204
  OfRequest,   // absent without Content-Length or chunks
  OfResponse,  // without those, all until the peer closes
};

// Reads one message after another from a connection, of which it is the only reader.
class MessageReader {
 public:
  explicit MessageReader(const UniqueFd& socket) : socket_(socket) {}

  // nullopt when the peer closed, broke off half-way or the deadline passed.
  std::optional<Message> ReadHead(const Deadline& deadline);
  bool ReadBody(Body kind, const Deadline& deadline, Message* message);

 private:
  bool Fill(const Deadline& deadline);
  std::optional<std::string> Line(const Deadline& deadline);
  std::optional<std::string> Bytes(size_t count, const Deadline& deadline);
  bool ReadChunks(const Deadline& deadline, std::string* body);

  const UniqueFd& socket_;
  std::string buffer_;
  bool at_end_ = false;
};

}  // namespace relay::test
