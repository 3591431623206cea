// A mail server: the exim4 of Debian on loopback, with a spool, a mailbox and a certificate of its
// own. It takes mail for anybody after a login over TLS, and refuses it when told to. As root it
// runs as the user of the web server.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/temp_dir.h"

namespace relay::test {

inline constexpr const char* kMailUser = "relay";
inline constexpr const char* kMailPassword = "correct horse";

enum class MailServerKind {
  Usual,        // STARTTLS, and mail only after a login
  InTheClear,   // neither STARTTLS nor logins; takes mail from anybody
  KnowsNobody,  // the same, but takes none: "550 relay not permitted"
};

class MailServer {
 public:
  explicit MailServer(MailServerKind kind = MailServerKind::Usual);

  int port() const { return port_; }
  int tls_port() const { return tls_port_; }  // TLS from the start
  // Who has signed its certificate for localhost and 127.0.0.1. It can also be reached as
  // 127.0.0.2.
  std::filesystem::path ca_file() const { return dir_.path() / "ca.pem"; }
  std::filesystem::path other_ca_file() const { return dir_.path() / "other-ca.pem"; }

  // What is said from now on to every recipient, or to every mail once it is there: "451 4.3.0 not
  // now". An empty text ends that.
  void AnswerRecipients(const std::string& text) const { Say("recipients", text); }
  void AnswerMails(const std::string& text) const { Say("mails", text); }

  // What has been delivered, oldest first; once there are `count`, or fewer when the time was up.
  std::vector<std::filesystem::path> WaitForMails(std::size_t count) const;
  std::vector<std::filesystem::path> mails() const;

  std::string log() const { return process_->err(); }

 private:
  std::string Config() const;
  void Start();
  void Say(const std::string& to, const std::string& text) const;

  TempDir dir_;
  const MailServerKind kind_;
  int port_ = 0;
  int tls_port_ = 0;
  std::optional<Process> process_;
};

}  // namespace relay::test
