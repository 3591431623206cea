// Mailboxes: who a mail is from and for. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace relay {

struct Mailbox {
  std::string name;     // what people read; empty: none
  std::string address;  // local part, "@" and domain: RFC 5321 and 6531 without quoted local parts

  std::string_view domain() const;
  bool operator==(const Mailbox&) const = default;
};

// "a@b", "<a@b>", "Name <a@b>" or "\"Name\" <a@b>"; a name may hold commas. Nothing where there is
// no address in it: "", "<>", "Name <>". Permanent where it is not one mailbox: a second address,
// angle brackets in the name, control characters; says why without the text.
Result<std::optional<Mailbox>> ParseMailbox(std::string_view text);

// A field such as To that lists them.
std::string MailboxField(std::string_view name, const std::vector<Mailbox>& mailboxes);

}  // namespace relay
