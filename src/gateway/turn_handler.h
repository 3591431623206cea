// Handles the requests of a turn in a thread of its own, so that the loop reads and answers others
// while one turn is decoded, stored and synced. One turn at a time.
//
// For the loop's thread; the function that handles runs in the handler's.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/event_fd.h"
#include "base/log.h"
#include "gateway/fcgi_exchange.h"

namespace relay {

class TurnHandler {
 public:
  // One reply for each request, in order.
  using Handle = std::function<std::vector<Reply>(std::span<Request>)>;

  struct Answered {
    std::unique_ptr<FcgiExchange> exchange;
    Reply reply;
  };

  // Throws where there can be no descriptor. `log` outlives it.
  TurnHandler(Handle handle, const Log& log);

  // Readable when the turn has ended.
  int descriptor() const { return wake_.get(); }

  // A turn was given and not yet taken back.
  bool busy() const { return busy_; }

  void Give(std::vector<Arrived> turn);  // only where none is under way

  // Waits for the end of the turn that is under way. Nothing is left of one that failed: whoever
  // was in it sees the connection closed, which is no 200.
  std::vector<Answered> Take();

 private:
  void Work(const std::stop_token& stop);
  std::vector<Answered> Answer(std::vector<Arrived> turn);

  const Handle handle_;
  const Log& log_;
  EventFd wake_;
  bool busy_ = false;

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::vector<Arrived> turn_;
  std::vector<Answered> answered_;
  bool given_ = false;
  bool ended_ = false;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace relay
