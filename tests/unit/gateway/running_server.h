// A Server in a thread of the test, with a handler that answers at once and says what it was given.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "gateway/server.h"
#include "support/fcgi_client.h"
#include "support/sockets.h"
#include "support/temp_dir.h"

namespace relay::test {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = kKiB * kKiB;

struct RunningServerOptions {
  std::uint64_t max_body = std::uint64_t{16} << 20;
  AbsorbLimits limits = {};
  // Called in the handler's thread before a turn is answered.
  std::function<void(std::span<const Request>)> before_turn = [](auto) {};
  // See ServerCallbacks.
  std::function<CheckQueue::Check(Request&)> check_for = nullptr;
  std::function<void()> reload = [] {};
};

class RunningServer {
 public:
  explicit RunningServer(RunningServerOptions options);
  ~RunningServer();  // Stop()

  std::unique_ptr<FcgiClient> Connect() const;

  // As systemd does when it starts another process on the socket.
  void MakeListenerBlocking() const;

  // As SIGTERM does; waits until it has ended.
  void Stop();
  void Signal() const;

  // The most that bodies of one turn took together.
  std::uint64_t largest_turn() const { return largest_turn_; }
  // The most that requests which are not whole took in memory, as the loop looked.
  std::uint64_t most_absorbed() const { return most_absorbed_; }
  // How often the loop has looked.
  std::uint64_t rounds() const { return rounds_; }
  // What they take now.
  static std::uint64_t Absorbed();

 private:
  std::vector<Reply> Handle(std::span<Request> requests);

  const RunningServerOptions options_;
  TempDir dir_;
  UniqueFd listener_;
  Log log_;
  std::atomic<std::uint64_t> rounds_ = 0;
  std::atomic<std::uint64_t> largest_turn_ = 0;
  std::atomic<std::uint64_t> most_absorbed_ = 0;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

// Within ten seconds.
inline bool BecomesTrue(const std::function<bool()>& condition) {
  return Deadline(std::chrono::seconds(10)).Until(condition);
}

// A body of that size that begins as a post does, and what the handler says of it.
std::string BodyOf(std::size_t size);
std::string Received(const std::string& body);

std::string RequestOf(const std::string& body, KeepConnection keep = KeepConnection::No);

// The status of the next reply; 0 without one in a time that is short of every time-out.
int StatusOf(FcgiClient& client);

}  // namespace relay::test
