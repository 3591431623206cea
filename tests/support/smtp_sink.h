// A mail server on loopback that says what the test wants, where a real one would not: replies that
// never come, connections that end. It takes one client after the other.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/unique_fd.h"

namespace relay::test {

class LineReader;

class SmtpSink {
 public:
  using Replies = std::map<std::string, std::string>;
  // Besides replies, what it can do when a command comes.
  static constexpr const char* kClose = "close";
  static constexpr const char* kHang = "hang";  // silence, until the client or the sink ends

  // The reply to a command, or to its whole line: "MAIL", "RCPT TO:<a@b>", "DATA", "." for the end
  // of a mail, "" for a new connection. All others are answered as if all were well, without
  // STARTTLS and AUTH.
  explicit SmtpSink(Replies replies = {});
  ~SmtpSink();

  int port() const { return port_; }
  std::string Url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  // The first words of all that was said to it, in capitals.
  std::vector<std::string> commands() const;
  // The mails, whatever was said to them, as they were on the wire.
  std::vector<std::string> mails() const;

 private:
  void AcceptAll();
  void Serve(const UniqueFd& connection);
  void TakeMail(LineReader& reader);
  bool Reply(const UniqueFd& connection, const std::string& line);

  const Replies replies_;
  UniqueFd listener_;
  const int port_;

  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
  std::vector<std::string> mails_;
  UniqueFd connection_;
  bool stopping_ = false;

  std::jthread acceptor_;
};

}  // namespace relay::test
