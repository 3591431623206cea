// An HTTP request to send and the answer to it. Plain values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "config/host_rules.h"

namespace relay {

struct HttpHeader {
  std::string name;
  std::string value;  // holds no CR, LF or NUL
};

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<HttpHeader> headers;
  std::optional<std::string> body;
  std::optional<std::pair<std::string, std::string>> basic;  // user name, password
  std::string ca_file;
  std::string client_cert;
  std::string client_key;
  Duration timeout{};  // for the whole exchange
  HostRules hosts;     // where it may connect to

  // The request as text for an operator: the values of Authorization and its like are masked.
  std::string Describe() const;
};

struct HttpAnswer {
  int status = 0;
  std::vector<HttpHeader> headers;      // names in lower case
  std::string body;                     // its first MiB
  std::optional<Duration> retry_after;  // from a Retry-After of either form
};

}  // namespace relay
