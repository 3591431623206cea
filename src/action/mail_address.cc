#include "action/mail_address.h"

#include <algorithm>

#include "action/header_text.h"
#include "base/text.h"

namespace relay {
namespace {

// RFC 5321, 4.5.3.1.
constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestDomain = 255;
// A field takes the longest address in one line; what is longer as a name is split.
constexpr std::size_t kLongestPlainName = 60;

Error Refused(std::string why) {
  return {ErrorKind::Permanent, std::move(why)};
}

// Beyond ASCII: RFC 6531.
bool IsAtomText(char c) {
  return IsAlphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool IsDomainText(char c) {
  return IsAlphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 || c == '-' || c == '_';
}

template <class IsText>
bool IsDotted(std::string_view text, IsText is_text) {
  while (true) {
    const std::string_view atom = text.substr(0, text.find('.'));
    if (atom.empty() || !std::all_of(atom.begin(), atom.end(), is_text)) return false;
    if (atom.size() == text.size()) return true;
    text.remove_prefix(atom.size() + 1);
  }
}

// "[192.0.2.1]", "[IPv6:2001:db8::1]".
bool IsAddressLiteral(std::string_view domain) {
  if (!domain.starts_with('[') || !domain.ends_with(']') || domain.size() < 3) return false;
  const std::string_view address = domain.substr(1, domain.size() - 2);
  return std::all_of(address.begin(), address.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '.' || c == ':'; });
}

bool IsAddress(std::string_view text) {
  const auto at = text.find('@');
  if (at == text.npos || !IsUtf8(text)) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  return local.size() <= kLongestLocalPart && domain.size() <= kLongestDomain &&
         IsDotted(local, IsAtomText) &&
         (IsDotted(domain, IsDomainText) || IsAddressLiteral(domain));
}

// Without the quotes that the configuration may have around it.
std::string NameOf(std::string_view text) {
  text = Trim(text);
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::string(text);
  std::string name;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const bool escapes = text[i] == '\\' && i + 2 < text.size();
    name += text[escapes ? ++i : i];
  }
  return name;
}

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

void AddName(FoldedField& field, const std::string& name) {
  if (name.empty()) return;
  if (!IsPlain(name) || name.size() > kLongestPlainName) {
    field.AddEncoded(name);
  } else if (std::all_of(name.begin(), name.end(), IsAtomText)) {
    field.Add(name);
  } else {
    field.Add(Quoted(name));
  }
}

}  // namespace

std::string_view Mailbox::domain() const {
  return std::string_view(address).substr(address.find('@') + 1);
}

Result<std::optional<Mailbox>> ParseMailbox(std::string_view text) {
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; })) {
    return Refused("holds a control character");
  }
  Mailbox mailbox;
  std::string_view address = Trim(text);
  if (address.ends_with('>')) {
    const auto open = address.rfind('<');
    if (open == address.npos) return Refused("is not one mailbox");
    mailbox.name = NameOf(address.substr(0, open));
    address = Trim(address.substr(open + 1, address.size() - open - 2));
  }
  if (mailbox.name.find_first_of("<>") != std::string::npos || !IsUtf8(mailbox.name)) {
    return Refused("is not one mailbox");
  }
  if (address.empty()) return std::optional<Mailbox>();
  if (!IsAddress(address)) return Refused("is not one mailbox");
  mailbox.address = address;
  return std::optional(std::move(mailbox));
}

std::string MailboxField(std::string_view name, const std::vector<Mailbox>& mailboxes) {
  FoldedField field(name);
  for (const Mailbox& mailbox : mailboxes) {
    AddName(field, mailbox.name);
    const std::string end = &mailbox == &mailboxes.back() ? "" : ",";
    field.Add((mailbox.name.empty() ? mailbox.address : "<" + mailbox.address + ">") + end);
  }
  return std::move(field).Finish();
}

}  // namespace relay
