#include "unit/gateway/running_server.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>

namespace relay::test {
namespace {

namespace fs = std::filesystem;

int StatusFor(BodyState state) {
  switch (state) {
    case BodyState::Complete:
      return 200;
    case BodyState::Short:
      return 400;
    case BodyState::TooLarge:
      return 413;
    case BodyState::NoLength:
      return 411;
    case BodyState::TimedOut:
      return 408;
  }
  return 500;
}

void KeepLargest(std::atomic<std::uint64_t>& largest, std::uint64_t value) {
  largest = std::max<std::uint64_t>(largest, value);  // each written by one thread alone
}

}  // namespace

RunningServer::RunningServer(RunningServerOptions options)
    : options_(std::move(options)),
      listener_(ListenOnUnix(dir_.path() / "socket")),
      log_(STDERR_FILENO, Log::Style::Plain) {
  Server::BlockSignals();
  const ServerCallbacks callbacks{[this](std::span<Request> requests) { return Handle(requests); },
                                  [this] {
                                    ++rounds_;
                                    KeepLargest(most_absorbed_, Absorbed());
                                    return options_.max_body;
                                  },
                                  options_.reload, options_.check_for};
  auto server = Server::Create(listener_.get(), callbacks, log_, options_.limits);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(*server);
  thread_ = std::thread([this] {
    server_->Run();
    server_.reset();  // peers that still wait see the end of it
  });
}

RunningServer::~RunningServer() {
  Stop();
}

void RunningServer::Signal() const {
  kill(getpid(), SIGTERM);
}

void RunningServer::Stop() {
  if (!thread_.joinable()) return;
  Signal();
  thread_.join();
  // Where it had ended before, the signal is still there, for the next one.
  sigset_t sigterm;
  sigemptyset(&sigterm);
  sigaddset(&sigterm, SIGTERM);
  const timespec now{};
  sigtimedwait(&sigterm, nullptr, &now);
}

void RunningServer::MakeListenerBlocking() const {
  fcntl(listener_.get(), F_SETFL, fcntl(listener_.get(), F_GETFL) & ~O_NONBLOCK);
}

std::unique_ptr<FcgiClient> RunningServer::Connect() const {
  return std::make_unique<FcgiClient>(dir_.path() / "socket");
}

std::vector<Reply> RunningServer::Handle(std::span<Request> requests) {
  options_.before_turn(requests);
  std::uint64_t size = 0;
  std::vector<Reply> replies;
  for (const Request& request : requests) {
    size += request.body.size();
    const int status = request.access == Access::Busy ? 503 : StatusFor(request.body_state);
    replies.push_back({status, {}, Received(request.body)});
  }
  KeepLargest(largest_turn_, size);
  return replies;
}

std::uint64_t RunningServer::Absorbed() {
  std::uint64_t size = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    struct stat status {};
    if (!fs::read_symlink(entry.path(), gone).string().starts_with("/memfd:request")) continue;
    if (stat(entry.path().c_str(), &status) == 0) {
      size += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
  }
  return size;
}

std::string BodyOf(std::size_t size) {
  std::string body = "SessionID=1&ChatLog=";
  for (std::size_t i = body.size(); i < size; ++i) body += static_cast<char>('a' + i * 7919 % 26);
  return body;
}

std::string Received(const std::string& body) {
  return std::to_string(body.size()) + " " + std::to_string(std::hash<std::string>()(body));
}

std::string RequestOf(const std::string& body, KeepConnection keep) {
  return FcgiRequest(FcgiPostParams(body), body, keep);
}

int StatusOf(FcgiClient& client) {
  const auto reply = client.ReadReply(std::chrono::seconds(10));
  return reply ? reply->status() : 0;
}

}  // namespace relay::test
