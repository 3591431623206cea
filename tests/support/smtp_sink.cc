#include "support/smtp_sink.h"

#include <sys/socket.h>

#include <optional>

#include "support/sockets.h"

namespace relay::test {
namespace {

const SmtpSink::Replies kUsual{
    {"", "220 sink"}, {"EHLO", "250 sink"}, {"DATA", "354 go on"}, {"QUIT", "221 bye"}};

std::string CommandOf(const std::string& line) {
  return line.substr(0, line.find(' '));
}

const Deadline& Soon() {
  static const Deadline deadline{std::chrono::minutes(2)};
  return deadline;
}

}  // namespace

// Takes what comes apart into lines.
class LineReader {
 public:
  explicit LineReader(const UniqueFd& socket) : socket_(socket) {}

  std::optional<std::string> Next() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      const auto more = ReceiveSome(socket_, Soon());
      if (!more || more->empty()) return std::nullopt;
      buffer_ += *more;
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }

 private:
  const UniqueFd& socket_;
  std::string buffer_;
};

SmtpSink::SmtpSink(Replies replies)
    : replies_(std::move(replies)), listener_(ListenOnLoopback()), port_(PortOf(listener_)) {
  acceptor_ = std::jthread([this] { AcceptAll(); });
}

SmtpSink::~SmtpSink() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listener_.get(), SHUT_RDWR);
    if (connection_.get() >= 0) shutdown(connection_.get(), SHUT_RDWR);
  }
  acceptor_.join();
}

std::vector<std::string> SmtpSink::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::vector<std::string> SmtpSink::mails() const {
  const std::lock_guard lock(mutex_);
  return mails_;
}

void SmtpSink::AcceptAll() {
  while (true) {
    UniqueFd accepted(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      connection_ = std::move(accepted);
    }
    if (connection_.get() >= 0) Serve(connection_);
    const std::lock_guard lock(mutex_);
    connection_.Close();
  }
}

void SmtpSink::Serve(const UniqueFd& connection) {
  LineReader reader(connection);
  if (!Reply(connection, "")) return;
  while (const auto line = reader.Next()) {
    const std::string command = CommandOf(*line);
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(command);
    }
    if (!Reply(connection, *line)) return;
    if (command != "DATA" || replies_.contains("DATA")) continue;
    TakeMail(reader);
    if (!Reply(connection, ".")) return;
  }
}

void SmtpSink::TakeMail(LineReader& reader) {
  std::string mail;
  for (auto line = reader.Next(); line && *line != "."; line = reader.Next())
    mail += *line + "\r\n";
  const std::lock_guard lock(mutex_);
  commands_.emplace_back(".");
  mails_.push_back(std::move(mail));
}

bool SmtpSink::Reply(const UniqueFd& connection, const std::string& line) {
  std::string reply = "250 well";
  for (const Replies* replies : {&kUsual, &replies_}) {
    for (const std::string& key : {CommandOf(line), line}) {
      const auto found = replies->find(key);
      if (found != replies->end()) reply = found->second;
    }
  }
  if (reply == kClose) return false;
  if (reply == kHang) {
    while (const auto more = ReceiveSome(connection, Soon())) {
      if (more->empty()) break;
    }
    return false;
  }
  return SendAll(connection, reply + "\r\n");
}

}  // namespace relay::test
