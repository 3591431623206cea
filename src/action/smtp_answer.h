// How handing in a mail ended, and what that means for a delivery. Plain values; pure.
#pragma once

#include <string>

#include "model/delivery.h"

namespace relay {

enum class SmtpEnd {
  Accepted,      // the server has it
  Refused,       // the server said no; `code` says for how long: 4yz or 5yz
  LoginRefused,  // at AUTH; with another code: both sides know no common way
  Insecure,      // no STARTTLS, or a certificate that is not trusted: nothing was sent
  Unreachable,   // no answer, or the connection was lost
  Stopped,       // this program is stopping
};

struct SmtpAnswer {
  SmtpEnd end = SmtpEnd::Unreachable;
  int code = 0;           // of the server's last reply; 0: none
  std::string why;        // libcurl's words; no posted value
  std::string said;       // all replies of the server; may hold addresses
  bool logged_in = true;  // false: the server offered no AUTH although there is a password
};

// The reason holds the code, the enhanced one (RFC 3463) too, and none of the server's words.
Outcome OutcomeOf(const SmtpAnswer& answer);

}  // namespace relay
