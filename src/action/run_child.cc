#include "action/run_child.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace relay {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kLookForStopEvery = milliseconds(100);
constexpr auto kGraceOfTimeOut = std::chrono::seconds(2);
constexpr auto kGraceOfStop = milliseconds(300);
constexpr auto kKilledEndWithin = milliseconds(300);
constexpr std::size_t kKept = 4096;

class Output {
 public:
  explicit Output(int file) : file_(file) {}

  bool open() const { return open_; }

  // What is there now, but no more than a pipe holds: somebody may write without pause.
  void Take() {
    constexpr int kPieces = 16;
    std::array<char, 4096> piece{};
    for (int i = 0; open_ && i < kPieces; ++i) {
      const ssize_t got = read(file_, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) open_ = false;
      if (got > 0) Keep({piece.data(), static_cast<std::size_t>(got)});
    }
  }

  std::string Finish() && { return std::move(kept_) + (cut_ ? "\n[cut]" : ""); }

 private:
  void Keep(std::string_view piece) {
    const std::size_t room = kKept - kept_.size();
    kept_ += piece.substr(0, room);
    cut_ = cut_ || piece.size() > room;
  }

  int file_;
  bool open_ = true;
  bool cut_ = false;
  std::string kept_;
};

// True once it has ended; false when the time is up or `stop` says so.
bool AwaitEnd(const Child& child, Output& output, Clock::time_point until,
              const std::atomic<bool>* stop) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    const auto wait = std::clamp(left, milliseconds(0), milliseconds(kLookForStopEvery));
    std::array<pollfd, 2> watched{{{child.ended(), POLLIN, 0}, {child.output(), POLLIN, 0}}};
    poll(watched.data(), output.open() ? 2 : 1, static_cast<int>(wait.count()));
    // In this order: all it wrote is in the pipe when it has ended.
    if (watched[1].revents != 0 || watched[0].revents != 0) output.Take();
    if (watched[0].revents != 0) return true;
    if (left <= milliseconds(0) || (stop != nullptr && *stop)) return false;
  }
}

// It stays uncollected, so that its number is nobody else's, until all of its group is killed.
bool End(const Child& child, Output& output, milliseconds grace) {
  child.SignalGroup(SIGTERM);
  bool ended = AwaitEnd(child, output, Clock::now() + grace, nullptr);
  child.SignalGroup(SIGKILL);
  if (!ended) ended = AwaitEnd(child, output, Clock::now() + kKilledEndWithin, nullptr);
  return ended;
}

}  // namespace

ChildEnding SeeThrough(Child child, Clock::time_point deadline, const std::atomic<bool>& stop) {
  ChildEnding ending;
  Output output(child.output());
  bool ended = AwaitEnd(child, output, deadline, &stop);
  if (!ended) {
    ending.why = stop ? ChildEnding::Why::Stopped : ChildEnding::Why::TimeIsUp;
    ended = End(child, output, stop ? milliseconds(kGraceOfStop) : milliseconds(kGraceOfTimeOut));
  }
  if (ended) {
    ending.status = child.Collect();
  } else {
    child.Abandon();
  }
  ending.output = std::move(output).Finish();
  return ending;
}

}  // namespace relay
