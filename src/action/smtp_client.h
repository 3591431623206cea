// Hands mail to a server with libcurl.
//
// One client for each thread. Every mail has a connection of its own, since mail servers close idle
// ones after a while and count the mails of each. Certificates are checked.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "action/smtp_answer.h"
#include "base/time.h"
#include "config/mail_config.h"

namespace relay {

struct SmtpRequest {
  std::string url;
  StartTls starttls = StartTls::Required;
  std::string ca_file;
  std::optional<std::pair<std::string, std::string>> login;  // user name, password
  std::string from;                                          // addresses alone
  std::vector<std::string> recipients;
  std::string message;
  Duration timeout{};  // for all of it
};

class SmtpClient {
 public:
  // `stop` ends a conversation early, within a second.
  explicit SmtpClient(const std::atomic<bool>& stop);
  ~SmtpClient();

  // Blocks for the request's timeout at most. All recipients or none: when the server refuses one,
  // the mail goes to nobody.
  SmtpAnswer Send(const SmtpRequest& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relay
