#include "bench/load.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "support/sockets.h"

namespace relay::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  test::UniqueFd socket;
  Clock::time_point asked;  // when the post was to be sent
  std::string answer = {};
};

class Run {
 public:
  Run(const Target& target, const LoadOptions& options);
  LoadResult Go();

 private:
  void Connect();
  void SendWhatIsDue();
  void Send(std::size_t connection, Clock::time_point asked);
  void Receive(std::size_t connection);
  Clock::time_point DueAt(std::uint64_t post) const;
  bool IsOver(Clock::time_point now) const {
    return now - began_ >= options_.duration || sent_ >= options_.most_posts;
  }
  int PatienceMs() const;

  const Target& target_;
  const LoadOptions& options_;
  std::string request_ = target_.request;
  const std::size_t number_at_ = request_.find(kPostNumber);
  test::UniqueFd epoll_{epoll_create1(EPOLL_CLOEXEC)};
  std::vector<Connection> connections_;
  std::vector<std::size_t> idle_;
  Clock::time_point began_;
  std::uint64_t sent_ = 0;
  std::vector<std::chrono::microseconds> took_;
};

Run::Run(const Target& target, const LoadOptions& options) : target_(target), options_(options) {
  Connect();
}

void Run::Connect() {
  for (int i = 0; i < options_.connections; ++i) {
    connections_.push_back({target_.connect(), {}});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(i);
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connections_.back().socket.get(), &event) != 0) {
      throw std::runtime_error("nobody listens");
    }
    idle_.push_back(static_cast<std::size_t>(i));
  }
}

Clock::time_point Run::DueAt(std::uint64_t post) const {
  if (options_.rate == 0) return began_;
  const std::chrono::duration<double> after(static_cast<double>(post) / options_.rate);
  return began_ + std::chrono::duration_cast<Clock::duration>(after);
}

void Run::Send(std::size_t connection, Clock::time_point asked) {
  Connection& to = connections_[connection];
  fmt::format_to(request_.begin() + static_cast<std::ptrdiff_t>(number_at_), "{:012}",
                 options_.first + sent_++);
  to.asked = asked;
  to.answer.clear();
  if (!test::SendAll(to.socket, request_)) throw std::runtime_error("the server hung up");
}

void Run::SendWhatIsDue() {
  const auto now = Clock::now();
  while (!idle_.empty() && !IsOver(now) && DueAt(sent_) <= now) {
    const std::size_t connection = idle_.back();
    idle_.pop_back();
    Send(connection, options_.rate == 0 ? now : DueAt(sent_));
  }
}

void Run::Receive(std::size_t connection) {
  Connection& from = connections_[connection];
  std::array<char, 4096> bytes{};
  const ssize_t count = recv(from.socket.get(), bytes.data(), bytes.size(), 0);
  if (count <= 0) throw std::runtime_error("the server hung up in an answer");
  from.answer.append(bytes.data(), static_cast<std::size_t>(count));
  if (!target_.is_whole(from.answer)) return;
  took_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - from.asked));
  idle_.push_back(connection);
}

// Until the next post is due, where one can be sent.
int Run::PatienceMs() const {
  constexpr int kLongest = 10'000;
  if (options_.rate == 0 || idle_.empty()) return kLongest;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(DueAt(sent_) - Clock::now());
  return std::clamp(static_cast<int>(left.count()), 0, kLongest);
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

LoadResult Run::Go() {
  began_ = Clock::now();
  const double cpu = CpuSeconds();
  SendWhatIsDue();
  while (idle_.size() < connections_.size() || !IsOver(Clock::now())) {
    std::array<epoll_event, 64> events{};
    const int patience = PatienceMs();
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), patience);
    if (count <= 0 && patience >= 10'000) throw std::runtime_error("no answer for ten seconds");
    for (int i = 0; i < count; ++i) Receive(events[static_cast<std::size_t>(i)].data.u32);
    SendWhatIsDue();
  }
  const std::chrono::duration<double> wall = Clock::now() - began_;
  std::sort(took_.begin(), took_.end());
  return {took_.size(), static_cast<double>(took_.size()) / wall.count(), took_[took_.size() / 2],
          took_[took_.size() * 99 / 100], (CpuSeconds() - cpu) / wall.count()};
}

}  // namespace

LoadResult Load(const Target& target, const LoadOptions& options) {
  return Run(target, options).Go();
}

}  // namespace relay::bench
