// The FastCGI server: one thread with epoll over all connections.
//
// A turn of the loop reads every request that has arrived whole, hands them over together, and
// answers all of them: one transaction a turn. A request that does not arrive at once goes to a
// reader and joins a later turn, so a stalled peer never holds the loop.
#pragma once

#include <sys/epoll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "gateway/readers.h"
#include "intake/request.h"

namespace relay {

// What the server asks of the program around it. All are called in the loop's thread.
struct ServerCallbacks {
  std::function<std::vector<Reply>(std::span<Request>)> handle;
  std::function<std::uint64_t()> max_body;
  std::function<void()> reload;  // on SIGHUP
};

class Server {
 public:
  // Blocks the signals that a server reads in the calling thread and those it starts: first of all,
  // so that none that comes early ends the process.
  static void BlockSignals();

  // `listener` is a listening socket; it is left open.
  static Result<std::unique_ptr<Server>> Create(int listener, int threads,
                                                ServerCallbacks callbacks, const Log& log);
  ~Server();

  // Serves until SIGTERM, SIGINT or SIGUSR1. Then no new requests are taken, those that have begun
  // are answered, and it returns.
  void Run();

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    UniqueFd descriptor;
    Clock::time_point changed;  // when it last got a byte or became idle
    std::size_t arrived = 0;    // bytes of a request that is not whole yet
    bool kept = false;          // it has carried a request before
  };
  enum class Peer { Sending, Ended };

  Server(int listener, ServerCallbacks callbacks, const Log& log)
      : listener_(listener), callbacks_(std::move(callbacks)), log_(log) {}
  Result<void> Open(int threads);
  void WaitAndCollect();
  void OnEvent(const epoll_event& event);
  void OnSignal();
  void AcceptAll();
  void PauseAccepting();
  void Watch(UniqueFd descriptor, Connection connection);
  void Examine(int descriptor, Peer peer);
  void TakeWhole(int descriptor);
  void TakeTurn();
  void SweepSlow();
  UniqueFd Unwatch(int descriptor);
  bool Finished() const;

  const int listener_;
  ServerCallbacks callbacks_;
  const Log& log_;
  UniqueFd epoll_;
  UniqueFd signals_;
  UniqueFd wake_;
  std::unique_ptr<Readers> readers_;
  std::map<int, Connection> connections_;
  std::vector<Arrived> turn_;
  std::vector<char> peeked_;
  bool accepting_ = false;
  bool stopping_ = false;
  Clock::time_point stop_deadline_;
  Clock::time_point accept_again_;
  Clock::time_point swept_;
};

}  // namespace relay
