#include "action/compose_mail.h"

#include "base/sha256.h"
#include "base/text.h"

namespace relay {
namespace {

using Mailboxes = std::vector<Mailbox>;

Error Refused(std::string why) {
  return {ErrorKind::Permanent, std::move(why)};
}

// The configuration's own text may hold a line break, too.
Result<std::string> HeaderText(const PlacedTemplate& placed, Rendering& rendering) {
  auto text = rendering.Text(placed, Destination::Header);
  if (text && text->find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Refused("holds a line break or a NUL").Context(placed.place);
  }
  return text;
}

Result<std::optional<Mailbox>> RenderMailbox(const PlacedTemplate& placed, Rendering& rendering) {
  const auto text = HeaderText(placed, rendering);
  if (!text) return text.error();
  auto mailbox = ParseMailbox(*text);
  if (!mailbox) return mailbox.error().Context(placed.place);
  return mailbox;
}

Result<void> RenderMailboxes(const std::vector<PlacedTemplate>& list, Rendering& rendering,
                             Mailboxes& target) {
  for (const PlacedTemplate& placed : list) {
    auto mailbox = RenderMailbox(placed, rendering);
    if (!mailbox) return mailbox.error();
    if (*mailbox) target.push_back(std::move(**mailbox));
  }
  return {};
}

Result<void> RenderHeader(const MailConfig& config, Rendering& rendering, MailMessage& mail) {
  auto from = RenderMailbox(config.from, rendering);
  if (!from) return from.error();
  if (!*from) return Refused("is empty").Context(config.from.place);
  mail.from = std::move(**from);
  for (const auto& [list, target] :
       {std::pair(&config.to, &mail.to), std::pair(&config.cc, &mail.cc),
        std::pair(&config.bcc, &mail.bcc), std::pair(&config.reply_to, &mail.reply_to)}) {
    auto rendered = RenderMailboxes(*list, rendering, *target);
    if (!rendered) return rendered.error();
  }
  if (mail.Recipients().empty()) return Refused("no recipient is left: to, cc and bcc are empty");
  auto subject = HeaderText(config.subject, rendering);
  if (!subject) return subject.error();
  mail.subject = std::move(*subject);
  for (const NamedTemplate& header : config.headers) {
    auto value = HeaderText(header.value, rendering);
    if (!value) return value.error();
    if (!value->empty()) mail.headers.emplace_back(header.name, std::move(*value));
  }
  return {};
}

Result<void> RenderContent(const std::optional<PlacedTemplate>& placed, Destination destination,
                           Rendering& rendering, std::optional<std::string>& target) {
  if (!placed) return {};
  auto text = rendering.Text(*placed, destination);
  if (!text) return text.error();
  target = std::move(*text);
  return {};
}

std::string TextOf(const Json& document, const char* member) {
  const auto found = document.find(member);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string FileName(const std::string& session_id) {
  constexpr std::size_t kLongest = 40;
  std::string name = session_id.substr(0, kLongest);
  for (char& c : name) {
    if (!IsAlphanumeric(c) && c != '-') c = '_';
  }
  return "session-" + name + ".txt";
}

}  // namespace

Result<MailMessage> ComposeMail(const MailConfig& config, const Work& work, Rendering& rendering) {
  const std::string session_id = TextOf(work.document, "SessionID");
  MailMessage mail;
  mail.id = work.key;
  mail.thread = "session-" + ToHex(Sha256({session_id})).substr(0, 32);
  auto header = RenderHeader(config, rendering, mail);
  if (!header) return header.error();
  auto text = RenderContent(config.text, Destination::Body, rendering, mail.text);
  if (!text) return text.error();
  auto html = RenderContent(config.html, Destination::Html, rendering, mail.html);
  if (!html) return html.error();
  std::string transcript = TextOf(work.document, "transcript");
  if (config.attach_transcript && !transcript.empty()) {
    mail.attachment = {FileName(session_id), std::move(transcript)};
  }
  return mail;
}

}  // namespace relay
