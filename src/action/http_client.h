// Sends HTTP requests with libcurl. Besides smtp_client.cc, http_client.cc is the only place that
// includes <curl/curl.h>.
//
// One client for each thread: it keeps connections open between requests. Only http and https are
// spoken, redirects are not followed, certificates are checked. A request that could change
// anything is sent once, whatever becomes of its connection.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <variant>

#include "action/http_message.h"
#include "model/delivery.h"

namespace relay {

enum class SendFailure {
  Unreachable,  // no answer: time-out, connection refused or cut, name not found, TLS failed
  Unusable,     // the request itself cannot be sent: a URL that is none
  NotAllowed,   // its host is not one that it may connect to
  Stopped,      // `stop` was set meanwhile
};

// Where on its way a request failed.
enum class SendStage { Other, Name, Connection, Certificate, TimeOut };

struct SendError {
  SendFailure failure = SendFailure::Unreachable;
  std::string reason;  // libcurl's words; no posted value
  SendStage stage = SendStage::Other;
  // More of them, with the host's name and address: for whoever typed the URL.
  std::string detail = {};
};

// What a failure to send means for a delivery; `place` stands before the reason.
Outcome OutcomeOf(const SendError& error, const std::string& place);

class HttpClient {
 public:
  // Blocks for the request's timeout at most. `stop` ends it early, within a second.
  explicit HttpClient(const std::atomic<bool>& stop);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;

  std::variant<HttpAnswer, SendError> Send(const HttpRequest& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of HTTP and of SMTP. Once, before the first thread is started.
void InitHttpClients();

}  // namespace relay
