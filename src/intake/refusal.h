// Replies to requests of which nothing is kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "config/config.h"
#include "intake/request.h"

namespace relay {

// What a request gets that is not a post to be stored; absent for one that is.
std::optional<Reply> Refusal(const Request& request, const IntakeConfig& config);

// Posts are answered 503 for as long as they cannot be stored. The log says why when it begins and
// whenever the reason changes, how many at least every ten seconds, and when it is over.
//
// Belongs to one thread at a time.
class Outage {
 public:
  explicit Outage(const Log& log) : log_(log) {}  // `log` must outlive it
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  ~Outage();  // leaves none uncounted

  // The reply to a post that could not be stored.
  Reply Refuse(const Error& error);
  // One was stored.
  void End();

 private:
  using Clock = std::chrono::steady_clock;
  void Say();

  const Log& log_;
  std::string reason_;
  std::int64_t refused_ = 0;  // since it began
  std::int64_t unsaid_ = 0;   // ... and not in the log yet
  Clock::time_point said_{};
};

}  // namespace relay
