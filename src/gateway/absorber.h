// Takes the requests that do not arrive at once, all of them together, within a budget of memory
// and of time: however many peers stall, they hold up nobody and cost no more than what they have
// sent.
//
// While the budget is used up, bytes stay in the sockets and the web server waits. One request at a
// time is favoured and taken all the same, the oldest that has bytes waiting, so that there is
// always one that gets whole and makes room. Peers that stall meanwhile are cut.
//
// So memory is bounded by the budget and one request. For the loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "base/log.h"
#include "base/unique_fd.h"
#include "gateway/absorption.h"
#include "gateway/fcgi_exchange.h"

namespace relay {

struct AbsorbLimits {
  // Bytes of all requests that are not whole, or not yet answered. At least four times the largest
  // body, whatever stands here.
  std::uint64_t budget = std::uint64_t{256} << 20;
  // A peer that sends nothing for so long is given up; web servers have given up long before.
  std::chrono::milliseconds silence = std::chrono::seconds(30);
  // A peer that sends a little now and then is given up after this.
  std::chrono::milliseconds whole = std::chrono::seconds(120);
  // Both, while the budget is used up.
  std::chrono::milliseconds stall = std::chrono::seconds(5);
};

class Absorber {
 public:
  Absorber(const AbsorbLimits& limits, const Log& log)
      : limits_(limits), log_(log), budget_(limits.budget) {}

  // Takes over a connection that is to be absorbed, and tries it with the next Advance(). False,
  // and it stays where it is, while there is no descriptor left for its bytes.
  bool Add(UniqueFd& connection);

  // The descriptor has become readable, or its peer has ended. Nothing where it is none of these.
  void OnReadable(int connection);

  // Takes what can be had without waiting, a little of each.
  void Advance(std::uint64_t max_body);

  // One that is whole, has ended early or was given up, to be answered. Absent where there is none.
  std::optional<Arrived> Next(std::uint64_t max_body);

  // Gives up those that are silent or take too long.
  void GiveUpOverdue();

  // More can be done at once.
  bool busy() const;
  bool empty() const { return partial_.empty() && ended_.empty(); }

 private:
  using Clock = std::chrono::steady_clock;
  struct Partial {
    UniqueFd connection;
    Absorption absorption;
    Clock::time_point began;
    Clock::time_point changed;  // when it last gave a byte
  };

  bool UsedUp() const { return held_ >= budget_; }
  bool MayTake(int descriptor) const;
  void Favour();
  void Visit(int descriptor, std::uint64_t max_body);
  Absorption::Progress TakePiece(Partial& partial, std::uint64_t max_body);
  bool Overdue(int descriptor, const Partial& partial) const;
  void End(int descriptor);
  Partial Remove(int descriptor);

  const AbsorbLimits limits_;
  const Log& log_;
  std::uint64_t budget_;
  std::uint64_t held_ = 0;          // by those of partial_ and ended_
  std::map<int, Partial> partial_;  // by descriptor
  std::set<int> readable_;          // those of partial_ whose sockets hold bytes
  std::deque<Partial> ended_;
  std::optional<Clock::time_point> used_up_since_;
  std::optional<int> favoured_;  // one of partial_
  Clock::time_point favoured_since_;
};

}  // namespace relay
