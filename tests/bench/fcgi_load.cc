#include "bench/fcgi_load.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/fcgi_client.h"
#include "support/sockets.h"
#include "support/unique_fd.h"

namespace relay::bench {
namespace {

using Clock = std::chrono::steady_clock;

// Stands where the number of a post goes.
constexpr const char* kNumber = "100000000000";

// Of usual size: 4.4 KB.
std::string Request() {
  std::string body =
      fmt::format("SessionID={}&TechID=4711&TechName=Jane+Doe&Tracking0=CASE-1", kNumber);
  for (int i = 0; i < 12; ++i) body += fmt::format("&CField{}=a+value+of+usual+length", i % 6 + 1);
  body += "&ChatLog=";
  while (body.size() < 4300) body += "10%3A15+AM+Jane+Doe%3A+Have+you+tried+this%3F%0D%0A";
  return test::FcgiRequest(test::FcgiPostParams(body), body, test::KeepConnection::Yes);
}

struct Connection {
  test::UniqueFd socket;
  Clock::time_point sent;
};

class Run {
 public:
  explicit Run(const LoadOptions& options);
  LoadResult Go();

 private:
  void Send(Connection& connection);
  void Receive(Connection& connection);

  const LoadOptions& options_;
  std::string request_ = Request();
  const std::size_t number_at_ = request_.find(kNumber);
  test::UniqueFd epoll_{epoll_create1(EPOLL_CLOEXEC)};
  std::vector<Connection> connections_;
  std::uint64_t number_;
  std::vector<std::chrono::microseconds> took_;
};

Run::Run(const LoadOptions& options) : options_(options), number_(options.first) {
  for (int i = 0; i < options.connections; ++i) {
    connections_.push_back({test::ConnectToUnix(options.socket), {}});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(i);
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connections_.back().socket.get(), &event) != 0) {
      throw std::runtime_error("nobody listens on " + options.socket.string());
    }
  }
}

void Run::Send(Connection& connection) {
  fmt::format_to(request_.begin() + static_cast<std::ptrdiff_t>(number_at_), "{:012}", number_++);
  connection.sent = Clock::now();
  if (!test::SendAll(connection.socket, request_)) throw std::runtime_error("the server hung up");
}

void Run::Receive(Connection& connection) {
  std::array<char, 4096> reply{};
  const ssize_t count = recv(connection.socket.get(), reply.data(), reply.size(), 0);
  const std::string_view bytes(reply.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  if (bytes.find("Status: 200") == std::string_view::npos) {
    throw std::runtime_error("no 200: " + std::string(bytes));
  }
  took_.push_back(
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - connection.sent));
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
  const auto began = Clock::now();
  const double cpu = CpuSeconds();
  for (Connection& connection : connections_) Send(connection);
  auto under_way = connections_.size();
  while (under_way > 0) {
    std::array<epoll_event, 64> events{};
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), 10'000);
    if (count <= 0) throw std::runtime_error("no reply for ten seconds");
    for (int i = 0; i < count; ++i) {
      Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u32];
      Receive(connection);
      if (Clock::now() - began < options_.duration) {
        Send(connection);
      } else {
        --under_way;
      }
    }
  }
  const std::chrono::duration<double> wall = Clock::now() - began;
  std::sort(took_.begin(), took_.end());
  return {took_.size(), static_cast<double>(took_.size()) / wall.count(), took_[took_.size() / 2],
          took_[took_.size() * 99 / 100], (CpuSeconds() - cpu) / wall.count()};
}

}  // namespace

LoadResult Load(const LoadOptions& options) {
  return Run(options).Go();
}

}  // namespace relay::bench
