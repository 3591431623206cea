// A CRM for tests: an HTTP/1.1 server on loopback that records what it is sent and answers as the
// test says. Every member may be called from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/http_message.h"
#include "support/unique_fd.h"

namespace relay::test {

struct SinkRequest {
  std::string method;
  std::string target;  // exactly as on the wire
  Headers headers;
  std::string body;
};

struct Answer {
  enum class Kind {
    Reply,
    Close,  // closes without a word
    Hang,   // says nothing until Release() or the end of the sink, then replies
  };
  Kind kind = Kind::Reply;
  int status = 200;
  Headers headers = {};  // Content-Length is added
  std::string body = {};
};

class HttpSink {
 public:
  using Script = std::function<Answer(const SinkRequest&)>;

  // Without a script every request is answered 200 with an empty body. The script is called by the
  // threads of the connections, several at a time.
  explicit HttpSink(Script script = {});
  ~HttpSink();

  int port() const { return port_; }
  std::string Url(std::string_view path) const;

  std::vector<SinkRequest> requests() const;

  // All there are, once there are this many; fewer when the time was up first.
  std::vector<SinkRequest> WaitForRequests(
      size_t count, std::chrono::milliseconds timeout = std::chrono::seconds(20)) const;

  // Answers what hangs, and lets nothing hang from now on.
  void Release();

 private:
  void AcceptAll();
  void Serve(const UniqueFd& connection);
  bool Give(const UniqueFd& connection, const Answer& answer);

  const Script script_;
  UniqueFd listener_;
  const int port_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<SinkRequest> requests_;
  bool released_ = false;
  bool stopping_ = false;
  std::list<UniqueFd> connections_;
  std::list<std::jthread> threads_;

  std::jthread acceptor_;
};

}  // namespace relay::test
