#include "gateway/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
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

// A small request that is not whole after this is absorbed, too: many tiny pieces can fill a socket
// with few bytes.
constexpr auto kSlow = seconds(2);

// The bodies of one turn. Small requests cannot take more, 256 of them at a time; large ones wait
// for the next turn when it is reached. One turn may be handled while the next fills; a full one
// makes the loop wait, and then what comes waits in the sockets.
constexpr std::size_t kTurn = std::size_t{32} << 20;
constexpr std::size_t kMostOfTurn = 256;

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

Result<std::unique_ptr<Server>> Server::Create(int listener, ServerCallbacks callbacks,
                                               const Log& log, const AbsorbLimits& limits) {
  std::unique_ptr<Server> server(new Server(listener, std::move(callbacks), log, limits));
  auto opened = server->Open();
  if (!opened) return opened.error();
  return server;
}

Server::Server(int listener, ServerCallbacks callbacks, const Log& log, const AbsorbLimits& limits)
    : listener_(listener),
      callbacks_(std::move(callbacks)),
      log_(log),
      limits_(limits),
      absorber_(limits, log),
      handler_(callbacks_.handle, log) {}

Result<void> Server::Open() {
  const sigset_t set = Signals();
  if (!FcgiExchange::Init()) return Error{ErrorKind::Permanent, "initialise libfcgi"};
  signals_ = UniqueFd(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  if (!signals_ || !epoll_) return SystemError("open the loop's descriptors");
  // Shared with other processes on the same socket, all of which are this program.
  if (fcntl(listener_, F_SETFL, fcntl(listener_, F_GETFL) | O_NONBLOCK) != 0) {
    return SystemError("prepare the listening socket");
  }
  for (const int descriptor :
       {signals_.get(), listener_, checks_.descriptor(), handler_.descriptor()}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
      return SystemError("watch the loop's descriptors");
    }
  }
  accepting_ = true;
  peeked_.resize(kPeek);
  return {};
}

void Server::Run() {
  while (!Finished()) {
    try {
      WaitAndCollect();
      TakeTurn();
    } catch (const std::exception& error) {
      // Whoever was to be in this turn sees the connection closed, which is no 200.
      turn_.clear();
      log_.Error(fmt::format("a turn of the loop failed: {}", error.what()));
    }
  }
  if (handler_.busy()) Answer(handler_.Take());
}

bool Server::Finished() const {
  if (!stopping_) return false;
  return Clock::now() > stop_deadline_ || (connections_.empty() && absorber_.empty() &&
                                           checks_.empty() && turn_.empty() && !handler_.busy());
}

void Server::WaitAndCollect() {
  std::array<epoll_event, 256> events{};
  const int count =
      epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), WaitAtMost());
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
    AbsorbSlow();
    absorber_.GiveUpOverdue();
  }
  CollectAbsorbed();
}

// For epoll_wait(): milliseconds.
int Server::WaitAtMost() const {
  if (absorber_.busy() || (!turn_.empty() && !handler_.busy())) return 0;
  return static_cast<int>(milliseconds(accepting_ ? kSweep : kAcceptPause).count());
}

void Server::OnEvent(const epoll_event& event) {
  const int descriptor = event.data.fd;
  if (descriptor == listener_) {
    AcceptAll();
  } else if (descriptor == signals_.get()) {
    OnSignal();
  } else if (descriptor == handler_.descriptor()) {
    Answer(handler_.Take());
  } else if (descriptor == checks_.descriptor()) {
    for (Arrived& checked : checks_.Collect()) turn_.push_back(std::move(checked));
  } else if (const auto found = connections_.find(descriptor); found != connections_.end()) {
    const bool ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    Examine(found, ended ? Peer::Ended : Peer::Sending);
  } else {
    absorber_.OnReadable(descriptor);
  }
}

void Server::OnSignal() {
  signalfd_siginfo info{};
  while (read(signals_.get(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGHUP) reloading_ = true;
    if (info.ssi_signo == SIGHUP || stopping_) continue;
    stopping_ = true;
    stop_deadline_ = Clock::now() + kStopLimit;
    // The socket itself stays as it is: whoever waits in its backlog gets the next process.
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_, nullptr);
    std::erase_if(connections_,
                  [](const auto& entry) { return entry.second.kept && !entry.second.began; });
  }
}

// That the socket does not block is no property of ours alone: systemd takes it back whenever it
// starts a process on the socket, that of ExecReload= too. So only what waits is accepted.
bool Server::SomebodyWaits() const {
  pollfd listener{listener_, POLLIN, 0};
  return poll(&listener, 1, 0) > 0;
}

void Server::AcceptAll() {
  for (int i = 0; i < 64 && accepting_ && !stopping_ && SomebodyWaits(); ++i) {
    UniqueFd descriptor(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (descriptor) {
      Watch(std::move(descriptor));
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

void Server::Watch(UniqueFd descriptor) {
  epoll_event event{};
  // Edge-triggered: bytes stay in the socket until the request is whole. It is watched until it is
  // closed, whoever has it meanwhile.
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.fd = descriptor.get();
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor.get(), &event) != 0) return;
  const int number = descriptor.get();
  Examine(connections_.emplace(number, Connection{std::move(descriptor)}).first, Peer::Sending);
}

void Server::Examine(Entry entry, Peer peer) {
  const ssize_t count = recv(entry->first, peeked_.data(), peeked_.size(), MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return;
  const auto size = count > 0 ? static_cast<std::size_t>(count) : 0;
  const Arrival arrival = Inspect({peeked_.data(), size});
  if (arrival == Arrival::Whole) {
    TakeWhole(entry);
  } else if (arrival == Arrival::Invalid) {
    log_.Warning("dropped a connection that does not speak FastCGI as a web server does");
    connections_.erase(entry);
  } else if (size == 0) {
    connections_.erase(entry);
  } else {
    if (!entry->second.began) entry->second.began = Clock::now();
    // Where the peer has ended, that is found out there, and the request is refused as cut short.
    if (size >= kLarge || peer == Peer::Ended) Absorb(entry);
  }
}

void Server::TakeWhole(Entry entry) {
  UniqueFd connection = std::move(entry->second.descriptor);
  connections_.erase(entry);
  auto exchange = FcgiExchange::Begin(std::move(connection));
  if (exchange == nullptr) return;
  Request request = exchange->Read(callbacks_.max_body());
  Admit({std::move(exchange), std::move(request)});
}

void Server::Admit(Arrived arrived) {
  const auto check = callbacks_.check_for ? callbacks_.check_for(arrived.request) : nullptr;
  if (check && checks_.Add(arrived, check)) return;
  if (check) arrived.request.access = Access::Busy;
  turn_.push_back(std::move(arrived));
}

// False without a descriptor for its bytes: they stay in the socket, and it is tried again.
bool Server::Absorb(Entry entry) {
  if (!absorber_.Add(entry->second.descriptor)) return false;
  connections_.erase(entry);
  return true;
}

void Server::AbsorbSlow() {
  const auto now = Clock::now();
  for (auto next = connections_.begin(); next != connections_.end();) {
    const Entry entry = next++;
    const auto began = entry->second.began;
    if (!began || now - *began < kSlow || Absorb(entry)) continue;
    if (now - *began > limits_.silence) connections_.erase(entry);
  }
}

void Server::CollectAbsorbed() {
  const std::uint64_t max_body = callbacks_.max_body();
  absorber_.Advance(max_body);
  std::size_t bytes = BytesOfTurn();
  while (bytes < kTurn) {
    auto arrived = absorber_.Next(max_body);
    if (!arrived) return;
    bytes += arrived->request.body.size();
    Admit(std::move(*arrived));
  }
}

void Server::TakeTurn() {
  if (handler_.busy() && IsTurnFull()) Answer(handler_.Take());
  if (handler_.busy()) return;
  if (std::exchange(reloading_, false)) callbacks_.reload();
  if (!turn_.empty()) handler_.Give(std::exchange(turn_, {}));
}

std::size_t Server::BytesOfTurn() const {
  std::size_t bytes = 0;
  for (const Arrived& arrived : turn_) bytes += arrived.request.body.size();
  return bytes;
}

bool Server::IsTurnFull() const {
  return turn_.size() >= kMostOfTurn || BytesOfTurn() >= kTurn;
}

void Server::Answer(std::vector<TurnHandler::Answered> answered) {
  for (TurnHandler::Answered& one : answered) {
    UniqueFd kept = one.exchange->Answer(one.reply);
    if (kept && !stopping_) Resume(std::move(kept));
  }
}

void Server::Resume(UniqueFd descriptor) {
  const int number = descriptor.get();
  Connection connection{std::move(descriptor)};
  connection.kept = true;
  // The peer may have gone or sent its next request meanwhile.
  Examine(connections_.emplace(number, std::move(connection)).first, Peer::Sending);
}

}  // namespace relay
