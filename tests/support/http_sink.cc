#include "support/http_sink.h"

#include <sys/socket.h>

#include "support/sockets.h"

namespace relay::test {
namespace {

constexpr std::chrono::minutes kIdle(2);

SinkRequest Recorded(Message message) {
  const std::string& line = message.start_line;
  const size_t method_end = line.find(' ');
  const size_t target_end = line.rfind(' ');
  return {line.substr(0, method_end), line.substr(method_end + 1, target_end - method_end - 1),
          std::move(message.headers), std::move(message.body)};
}

std::string Serialised(const Answer& answer) {
  std::string wire = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.headers) wire += name + ": " + value + "\r\n";
  return wire + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

}  // namespace

HttpSink::HttpSink(Script script)
    : script_(std::move(script)), listener_(ListenOnLoopback()), port_(PortOf(listener_)) {
  acceptor_ = std::jthread([this] { AcceptAll(); });
}

HttpSink::~HttpSink() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listener_.get(), SHUT_RDWR);
    for (const UniqueFd& connection : connections_) shutdown(connection.get(), SHUT_RDWR);
  }
  changed_.notify_all();
  acceptor_.join();
  threads_.clear();  // joins; nobody adds to it any more
}

std::string HttpSink::Url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<SinkRequest> HttpSink::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<SinkRequest> HttpSink::WaitForRequests(size_t count,
                                                   std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] { return requests_.size() >= count; });
  return requests_;
}

void HttpSink::Release() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
}

void HttpSink::AcceptAll() {
  while (true) {
    UniqueFd accepted(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (accepted.get() < 0) continue;
    const UniqueFd& connection = connections_.emplace_back(std::move(accepted));
    threads_.emplace_back([this, &connection] { Serve(connection); });
  }
}

void HttpSink::Serve(const UniqueFd& connection) {
  MessageReader reader(connection);
  while (auto message = reader.ReadHead(Deadline(kIdle))) {
    if (message->headers.Find("Expect")) SendAll(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    if (!reader.ReadBody(Body::OfRequest, Deadline(kIdle), &*message)) break;
    const SinkRequest request = Recorded(std::move(*message));
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    changed_.notify_all();
    if (!Give(connection, script_ ? script_(request) : Answer{})) break;
  }
  // The list keeps the descriptor until the sink ends, so that its number is not given away while
  // the destructor may still shut it down.
  shutdown(connection.get(), SHUT_RDWR);
}

bool HttpSink::Give(const UniqueFd& connection, const Answer& answer) {
  switch (answer.kind) {
    case Answer::Kind::Close:
      return false;
    case Answer::Kind::Hang: {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return released_ || stopping_; });
      break;
    }
    case Answer::Kind::Reply:
      break;
  }
  return SendAll(connection, Serialised(answer));
}

}  // namespace relay::test
