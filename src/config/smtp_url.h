// Where mail is handed in: smtp://host:587, smtps://host. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace relay {

struct SmtpUrl {
  bool tls_from_the_start = false;  // smtps
  std::string host;                 // "[::1]" with its brackets
  std::string port;                 // empty: 25, or 465 for smtps
  std::string ehlo_name;            // what stands after the host's "/"; empty: the machine's name

  std::string Text() const;
};

// BadInput says what is wrong. It holds no user and password, which have keys of their own.
Result<SmtpUrl> ParseSmtpUrl(std::string_view text);

}  // namespace relay
