// One FastCGI request on a connection, read and answered with libfcgi. Its source is the only place
// that includes <fcgiapp.h>.
//
// libfcgi serves as parser of records only: it never accepts, never closes a connection that is
// well, and no signal handler of its is left. An exchange belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "base/unique_fd.h"
#include "gateway/params.h"
#include "intake/request.h"

namespace relay {

class FcgiExchange {
 public:
  // Once, before the first exchange, while the signals of the loop are blocked.
  static bool Init();

  // Reads a request up to its body. Null where there is none: the descriptor is closed. The request
  // must be there whole: a connection that does not block and holds all of it, or a file.
  static std::unique_ptr<FcgiExchange> Begin(UniqueFd source);

  ~FcgiExchange();
  FcgiExchange(const FcgiExchange&) = delete;
  FcgiExchange& operator=(const FcgiExchange&) = delete;

  // Reads the body to its marked end and returns the request. A body over `max_body` is read and
  // thrown away, so that the reply reaches the peer and the connection can be used again.
  Request Read(std::uint64_t max_body);

  // For a request that was read from a file: the connection that it came on. Before Answer().
  void AnswerOn(UniqueFd connection);

  // Sends the reply and ends the request. What it returns is the connection where the peer keeps it
  // for a next request; otherwise it is closed.
  UniqueFd Answer(const Reply& reply);

 private:
  struct State;
  explicit FcgiExchange(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A request to be answered in the loop's next turn.
struct Arrived {
  std::unique_ptr<FcgiExchange> exchange;
  Request request;
};

}  // namespace relay
