// Threads for requests that do not arrive at once: they may wait for a slow peer, the loop may not.
//
// Submit() and Collect() belong to the loop's thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "gateway/fcgi_exchange.h"

namespace relay {

// A request that has arrived whole, to be answered in the loop's next turn.
struct Arrived {
  std::unique_ptr<FcgiExchange> exchange;
  Request request;
};

class Readers {
 public:
  // `wake` is an eventfd that is written when something can be collected.
  Readers(int threads, int wake) : most_(threads), wake_(wake) {}
  ~Readers();  // cuts off what is under way

  // Reads a request with time-outs, in a thread as soon as one is free. The connection blocks.
  void Submit(UniqueFd connection, std::uint64_t max_body);
  std::vector<Arrived> Collect();
  std::size_t waiting() const;  // submitted and not yet collected

  // Cuts off every peer that has been read for longer than a request may take.
  void CutOverdue();

 private:
  struct Job {
    UniqueFd connection;
    std::uint64_t max_body;
  };
  struct Reading {
    int descriptor;
    std::chrono::steady_clock::time_point deadline;
  };
  void Work();
  void ReadOne(Job job);
  void Finish(int descriptor, std::unique_ptr<FcgiExchange> exchange, Request request);

  const int most_;
  const int wake_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  int idle_ = 0;
  std::size_t open_ = 0;
  std::deque<Job> jobs_;
  std::vector<Reading> reading_;
  std::vector<Arrived> arrived_;
  std::vector<std::thread> threads_;
};

}  // namespace relay
