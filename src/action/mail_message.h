// A mail, and how it stands on the wire: RFC 5322 and MIME. Plain values; pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "action/mail_address.h"
#include "base/time.h"

namespace relay {

struct MailMessage {
  struct Attachment {
    std::string filename;  // letters, digits, ".", "-" and "_"
    std::string text;
  };

  std::string id;      // the same for every try of the delivery: the left side of Message-ID
  std::string thread;  // the same for all mails of the session
  Mailbox from;
  std::vector<Mailbox> to;
  std::vector<Mailbox> cc;
  std::vector<Mailbox> bcc;  // in no header
  std::vector<Mailbox> reply_to;
  std::string subject;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> text;  // one of them at least
  std::optional<std::string> html;
  std::optional<Attachment> attachment;

  // The addresses of to, cc and bcc, each once.
  std::vector<std::string> Recipients() const;

  // In ASCII but for addresses that are not; CRLF at the end of every line, none longer than 998.
  // With the same date, the same mail is the same bytes.
  std::string Serialise(Time date) const;
};

}  // namespace relay
