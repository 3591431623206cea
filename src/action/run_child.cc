#include "action/run_child.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace relay {
namespace {

constexpr Duration kLookForStopEvery{100};
constexpr Duration kGraceOfTimeOut{2000};
constexpr Duration kGraceOfStop{300};
constexpr Duration kKilledEndWithin{300};
constexpr std::size_t kKept = std::size_t{64} << 10;

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

  std::string Finish() && { return std::move(kept_); }

 private:
  void Keep(std::string_view piece) { kept_ += piece.substr(0, kKept - kept_.size()); }

  int file_;
  bool open_ = true;
  std::string kept_;
};

// True once it has ended; false when patience is over.
bool AwaitEnd(const Child& child, Output& output, const Patience& patience) {
  for (;;) {
    const bool over = patience.over();
    const auto wait = over ? Duration::zero() : std::min(patience.left(), kLookForStopEvery);
    std::array<pollfd, 2> watched{{{child.ended(), POLLIN, 0}, {child.output(), POLLIN, 0}}};
    poll(watched.data(), output.open() ? 2 : 1, static_cast<int>(wait.count()));
    // In this order: all it wrote is in the pipe when it has ended.
    if (watched[1].revents != 0 || watched[0].revents != 0) output.Take();
    if (watched[0].revents != 0) return true;
    if (over) return false;
  }
}

// It stays uncollected, so that its number is nobody else's, until all of its group is killed.
bool End(const Child& child, Output& output, Duration grace) {
  const std::atomic<bool> never = false;
  child.SignalGroup(SIGTERM);
  bool ended = AwaitEnd(child, output, Patience(grace, never));
  child.SignalGroup(SIGKILL);
  if (!ended) ended = AwaitEnd(child, output, Patience(kKilledEndWithin, never));
  return ended;
}

}  // namespace

ChildEnding SeeThrough(Child child, const Patience& patience) {
  ChildEnding ending;
  Output output(child.output());
  bool ended = AwaitEnd(child, output, patience);
  if (!ended) {
    const bool stopped = patience.stopped();
    ending.why = stopped ? ChildEnding::Why::Stopped : ChildEnding::Why::TimeIsUp;
    ended = End(child, output, stopped ? kGraceOfStop : kGraceOfTimeOut);
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
