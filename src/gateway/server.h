// The FastCGI server: one thread with epoll over all connections.
//
// A turn of the loop reads every request that has arrived whole, hands them over together, and
// answers all of them: one transaction a turn. While a turn is handled, in a thread of its own, the
// loop reads the next. A request that does not arrive at once is absorbed and joins a later turn,
// so a stalled peer never holds the loop. Nothing here waits for a peer.
#pragma once

#include <sys/epoll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "gateway/absorber.h"
#include "gateway/check_queue.h"
#include "gateway/turn_handler.h"
#include "intake/request.h"

namespace relay {

// What the server asks of the program around it. All but `handle` are called in the loop's thread,
// and `reload` never while `handle` runs.
struct ServerCallbacks {
  TurnHandler::Handle handle;
  std::function<std::uint64_t()> max_body;
  std::function<void()> reload;  // on SIGHUP
  // What is to be found out about a request in another thread before it can be handled; empty where
  // nothing is.
  std::function<CheckQueue::Check(Request&)> check_for = nullptr;
};

class Server {
 public:
  // Blocks the signals that a server reads in the calling thread and those it starts: first of all,
  // so that none that comes early ends the process.
  static void BlockSignals();

  // `listener` is a listening socket; it is left open.
  static Result<std::unique_ptr<Server>> Create(int listener, ServerCallbacks callbacks,
                                                const Log& log, const AbsorbLimits& limits = {});

  // Serves until SIGTERM, SIGINT or SIGUSR1. Then no new requests are taken, those that have begun
  // are answered, and it returns.
  void Run();

 private:
  using Clock = std::chrono::steady_clock;
  // One that carries no request yet, or one that has not arrived whole.
  struct Connection {
    UniqueFd descriptor;
    std::optional<Clock::time_point> began = {};  // when the first bytes of a request were seen
    bool kept = false;                            // it has carried a request before
  };
  using Entry = std::map<int, Connection>::iterator;
  enum class Peer { Sending, Ended };

  Server(int listener, ServerCallbacks callbacks, const Log& log, const AbsorbLimits& limits);
  Result<void> Open();
  void WaitAndCollect();
  int WaitAtMost() const;
  void OnEvent(const epoll_event& event);
  void OnSignal();
  bool SomebodyWaits() const;
  void AcceptAll();
  void PauseAccepting();
  void Watch(UniqueFd descriptor);
  void Examine(Entry entry, Peer peer);
  void TakeWhole(Entry entry);
  bool Absorb(Entry entry);
  void AbsorbSlow();
  void CollectAbsorbed();
  void Admit(Arrived arrived);
  void TakeTurn();
  std::size_t BytesOfTurn() const;
  bool IsTurnFull() const;
  void Answer(std::vector<TurnHandler::Answered> answered);
  void Resume(UniqueFd descriptor);
  bool Finished() const;

  const int listener_;
  const ServerCallbacks callbacks_;
  const Log& log_;
  const AbsorbLimits limits_;
  UniqueFd epoll_;
  UniqueFd signals_;
  std::map<int, Connection> connections_;  // by descriptor
  Absorber absorber_;
  CheckQueue checks_;
  std::vector<Arrived> turn_;  // the next
  std::vector<char> peeked_;
  bool accepting_ = false;
  bool reloading_ = false;  // as soon as no turn is handled
  bool stopping_ = false;
  Clock::time_point stop_deadline_;
  Clock::time_point accept_again_;
  Clock::time_point swept_;
  TurnHandler handler_;
};

}  // namespace relay
