// Requests whose passwords have to be checked, which takes long, before they can be handled. One
// thread checks them, so guessing costs one processor at most; address after address, so that who
// guesses holds up himself before others. What waits is bounded.
//
// For the loop's thread; the functions that check run in the thread of the queue.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/event_fd.h"
#include "gateway/fcgi_exchange.h"

namespace relay {

class CheckQueue {
 public:
  using Check = std::function<void(Request&)>;

  // Of one address: an IPv4 address or an IPv6 network of 64 bits, which is what one peer has.
  static constexpr std::size_t kMostOfAddress = 64;
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // one request may go over it

  // Throws where there can be no descriptor.
  CheckQueue();

  // Readable when there is something to collect.
  int descriptor() const { return wake_.get(); }

  // False, and the request stays where it is, where too many wait.
  bool Add(Arrived& arrived, Check check);

  // Those that have been checked, in the order they were.
  std::vector<Arrived> Collect();

  // Nothing waits and nothing is to be collected.
  bool empty() const { return count_ == 0; }

 private:
  struct Waiting {
    Arrived arrived;
    Check check;
  };

  void Work(const std::stop_token& stop);
  Waiting TakeNext();

  EventFd wake_;
  std::size_t count_ = 0;  // waiting, checked or in between
  std::size_t bytes_ = 0;  // of their bodies

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any added_;
  std::map<std::string, std::deque<Waiting>> waiting_;  // by address
  std::deque<std::string> turns_;                       // the addresses, the next one first
  std::vector<Arrived> checked_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace relay
