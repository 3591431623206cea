#include "gateway/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "gateway/frame.h"

namespace relay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A request up to this size is read by the loop itself as soon as all of it waits in the socket.
// It must be less than what a socket holds, 208 KiB by default.
constexpr std::size_t kPeek = std::size_t{128} << 10;

// So much of a request that is not whole: its peer may wait for room in the socket.
constexpr std::size_t kLarge = std::size_t{32} << 10;

// A small request that is not whole after this gets a reader, too: many tiny records can fill a
// socket with few bytes.
constexpr auto kSlow = seconds(2);

constexpr auto kSweep = milliseconds(500);
constexpr auto kAcceptPause = milliseconds(100);
constexpr auto kStopLimit = seconds(4);

Error SystemError(const std::string& doing) {
  return {ErrorKind::Temporary, doing + ": " + std::strerror(errno)};  // NOLINT: one thread
}

sigset_t Signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) sigaddset(&set, number);
  return set;
}

}  // namespace

void Server::BlockSignals() {
  const sigset_t set = Signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Result<std::unique_ptr<Server>> Server::Create(int listener, int threads, ServerCallbacks callbacks,
                                               const Log& log) {
  std::unique_ptr<Server> server(new Server(listener, std::move(callbacks), log));
  auto opened = server->Open(threads);
  if (!opened) return opened.error();
  return server;
}

Server::~Server() = default;

Result<void> Server::Open(int threads) {
  const sigset_t set = Signals();
  if (!FcgiExchange::Init()) return Error{ErrorKind::Permanent, "initialise libfcgi"};
  signals_ = UniqueFd(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  wake_ = UniqueFd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  if (!signals_ || !wake_ || !epoll_) return SystemError("open the loop's descriptors");
  // Shared with other processes on the same socket, all of which are this program.
  if (fcntl(listener_, F_SETFL, fcntl(listener_, F_GETFL) | O_NONBLOCK) != 0) {
    return SystemError("prepare the listening socket");
  }
  for (const int descriptor : {signals_.get(), wake_.get(), listener_}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
      return SystemError("watch the loop's descriptors");
    }
  }
  accepting_ = true;
  peeked_.resize(kPeek);
  readers_ = std::make_unique<Readers>(threads, wake_.get());
  return {};
}

void Server::Run() {
  while (!Finished()) {
    try {
      WaitAndCollect();
      TakeTurn();
    } catch (const std::exception& error) {
      // Whoever was in this turn sees the connection closed, which is no 200.
      turn_.clear();
      log_.Error(fmt::format("a turn of the loop failed: {}", error.what()));
    }
  }
}

bool Server::Finished() const {
  if (!stopping_) return false;
  return Clock::now() > stop_deadline_ || (connections_.empty() && readers_->waiting() == 0);
}

void Server::WaitAndCollect() {
  std::array<epoll_event, 256> events{};
  const int count =
      epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                 static_cast<int>(milliseconds(accepting_ ? kSweep : kAcceptPause).count()));
  for (int i = 0; i < count; ++i) OnEvent(events[static_cast<std::size_t>(i)]);
  const auto now = Clock::now();
  if (!accepting_ && !stopping_ && now >= accept_again_) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener_;
    accepting_ = epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_, &event) == 0;
  }
  if (now - swept_ >= kSweep) {
    swept_ = now;
    SweepSlow();
    readers_->CutOverdue();
  }
}

void Server::OnEvent(const epoll_event& event) {
  const int descriptor = event.data.fd;
  if (descriptor == listener_) {
    AcceptAll();
  } else if (descriptor == signals_.get()) {
    OnSignal();
  } else if (descriptor == wake_.get()) {
    eventfd_t ignored = 0;
    eventfd_read(wake_.get(), &ignored);
    for (Arrived& arrived : readers_->Collect()) turn_.push_back(std::move(arrived));
  } else {
    const bool ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    Examine(descriptor, ended ? Peer::Ended : Peer::Sending);
  }
}

void Server::OnSignal() {
  signalfd_siginfo info{};
  while (read(signals_.get(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGHUP) {
      callbacks_.reload();
      continue;
    }
    if (stopping_) continue;
    stopping_ = true;
    stop_deadline_ = Clock::now() + kStopLimit;
    // The socket itself stays as it is: whoever waits in its backlog gets the next process.
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_, nullptr);
    std::erase_if(connections_,
                  [](const auto& entry) { return entry.second.kept && entry.second.arrived == 0; });
  }
}

void Server::AcceptAll() {
  for (int i = 0; i < 64 && accepting_ && !stopping_; ++i) {
    UniqueFd descriptor(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (descriptor) {
      Watch(std::move(descriptor), {});
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      log_.Error(SystemError("accept a connection").message);
      PauseAccepting();
    }
  }
}

// Out of descriptors or memory: the backlog waits meanwhile.
void Server::PauseAccepting() {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_, nullptr);
  accepting_ = false;
  accept_again_ = Clock::now() + kAcceptPause;
}

void Server::Watch(UniqueFd descriptor, Connection connection) {
  const int number = descriptor.get();
  epoll_event event{};
  // Edge-triggered: bytes stay in the socket until the request is whole.
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.fd = number;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, number, &event) != 0) return;
  connection.descriptor = std::move(descriptor);
  connection.changed = Clock::now();
  connections_[number] = std::move(connection);
  Examine(number, Peer::Sending);
}

UniqueFd Server::Unwatch(int descriptor) {
  const auto found = connections_.find(descriptor);
  UniqueFd owned = std::move(found->second.descriptor);
  connections_.erase(found);
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  return owned;
}

void Server::Examine(int descriptor, Peer peer) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;
  const ssize_t count = recv(descriptor, peeked_.data(), peeked_.size(), MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const auto size = count > 0 ? static_cast<std::size_t>(count) : 0;
  const Arrival arrival = Inspect({peeked_.data(), size});
  if (arrival == Arrival::Whole) {
    TakeWhole(descriptor);
  } else if (arrival == Arrival::Invalid) {
    log_.Warning("dropped a connection that does not speak FastCGI as a web server does");
    Unwatch(descriptor);
  } else if (size == 0) {
    Unwatch(descriptor);
  } else if (size >= kLarge || peer == Peer::Ended) {
    // Where the peer has ended, the reader finds that out and the request is refused as cut short.
    readers_->Submit(Unwatch(descriptor), callbacks_.max_body());
  } else if (size != found->second.arrived) {
    found->second.arrived = size;
    found->second.changed = Clock::now();
  }
}

void Server::TakeWhole(int descriptor) {
  auto exchange = FcgiExchange::Begin(Unwatch(descriptor));
  if (exchange == nullptr) return;
  Request request = exchange->Read(callbacks_.max_body());
  turn_.push_back({std::move(exchange), std::move(request)});
}

void Server::TakeTurn() {
  if (turn_.empty()) return;
  std::vector<Request> requests;
  requests.reserve(turn_.size());
  for (Arrived& arrived : turn_) requests.push_back(std::move(arrived.request));
  const std::vector<Reply> replies = callbacks_.handle(requests);
  std::vector<Arrived> answered = std::exchange(turn_, {});
  for (std::size_t i = 0; i < answered.size(); ++i) {
    UniqueFd kept = answered[i].exchange->Answer(replies.at(i));
    if (!kept || stopping_) continue;
    fcntl(kept.get(), F_SETFL, fcntl(kept.get(), F_GETFL) | O_NONBLOCK);
    // A next request may have come meanwhile: watching looks at once.
    Watch(std::move(kept), {{}, {}, 0, true});
  }
}

void Server::SweepSlow() {
  const auto now = Clock::now();
  std::vector<int> slow;
  for (const auto& [descriptor, connection] : connections_) {
    if (connection.arrived > 0 && now - connection.changed >= kSlow) slow.push_back(descriptor);
  }
  for (const int descriptor : slow) {
    readers_->Submit(Unwatch(descriptor), callbacks_.max_body());
  }
}

}  // namespace relay
