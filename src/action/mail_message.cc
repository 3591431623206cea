#include "action/mail_message.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "action/header_text.h"
#include "action/transfer_encoding.h"
#include "base/sha256.h"

namespace relay {
namespace {

std::string HeaderField(std::string_view name, const std::vector<std::string>& pieces) {
  FoldedField field(name);
  for (const std::string& piece : pieces) field.Add(piece);
  return std::move(field).Finish();
}

std::string DateText(Time date) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

// Parts have no line break at their end: what is before a boundary belongs to that.
std::string TextPart(std::string_view subtype, std::string_view text) {
  const EncodedText encoded = EncodeText(text);
  return fmt::format(
      "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n{}", subtype,
      encoded.name, encoded.lines);
}

std::string AttachedPart(const MailMessage::Attachment& attachment) {
  return HeaderField("Content-Disposition",
                     {"attachment;", fmt::format("filename=\"{}\"", attachment.filename)}) +
         TextPart("plain", attachment.text);
}

// "=_" occurs neither in quoted-printable nor in base64: no text can end a part.
std::string BoundaryOf(const std::string& id, std::string_view subtype) {
  return "=_" + ToHex(Sha256({id, "/", subtype})).substr(0, 32);
}

std::string Multipart(std::string_view subtype, const std::string& id,
                      const std::vector<std::string>& parts) {
  const std::string boundary = BoundaryOf(id, subtype);
  std::string text =
      fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n\r\n", subtype, boundary);
  for (const std::string& part : parts) text += fmt::format("--{}\r\n{}\r\n", boundary, part);
  return text + fmt::format("--{}--", boundary);
}

// What people read: text, HTML, or a choice of both.
std::string ReadablePart(const MailMessage& mail) {
  std::vector<std::string> parts;
  if (mail.text) parts.push_back(TextPart("plain", *mail.text));
  if (mail.html) parts.push_back(TextPart("html", *mail.html));
  return parts.size() == 1 ? parts.front() : Multipart("alternative", mail.id, parts);
}

std::string Content(const MailMessage& mail) {
  if (!mail.attachment) return ReadablePart(mail);
  return Multipart("mixed", mail.id, {ReadablePart(mail), AttachedPart(*mail.attachment)});
}

std::string OptionalMailboxes(std::string_view name, const std::vector<Mailbox>& mailboxes) {
  return mailboxes.empty() ? "" : MailboxField(name, mailboxes);
}

}  // namespace

std::vector<std::string> MailMessage::Recipients() const {
  std::vector<std::string> addresses;
  for (const auto* list : {&to, &cc, &bcc}) {
    for (const Mailbox& mailbox : *list) {
      const bool known =
          std::find(addresses.begin(), addresses.end(), mailbox.address) != addresses.end();
      if (!known) addresses.push_back(mailbox.address);
    }
  }
  return addresses;
}

std::string MailMessage::Serialise(Time date) const {
  std::string message = HeaderField("Date", {DateText(date)});
  message += MailboxField("From", {from});
  message += OptionalMailboxes("Reply-To", reply_to);
  message += OptionalMailboxes("To", to);
  message += OptionalMailboxes("Cc", cc);
  if (to.empty() && cc.empty()) message += HeaderField("To", {"undisclosed-recipients:;"});
  message += TextField("Subject", subject);
  // The session is a message that nobody ever sent: what refers to it is one thread.
  const std::string session = fmt::format("<{}@{}>", thread, from.domain());
  message += HeaderField("Message-ID", {fmt::format("<{}@{}>", id, from.domain())});
  message += HeaderField("In-Reply-To", {session});
  message += HeaderField("References", {session});
  message += HeaderField("Auto-Submitted", {"auto-generated"});
  for (const auto& [name, value] : headers) message += TextField(name, value);
  message += HeaderField("MIME-Version", {"1.0"});
  message += Content(*this);
  if (!message.ends_with("\r\n")) message += "\r\n";
  return message;
}

}  // namespace relay
