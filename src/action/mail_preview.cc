#include "action/mail_preview.h"

#include <fmt/format.h>

#include "action/mask.h"
#include "base/text.h"

namespace relay {
namespace {

// Before the mail is encoded: afterwards nothing finds a secret in it.
void Mask(MailMessage& mail, const Json& secrets) {
  const auto mask = [&](std::string& text) { text = MaskSecrets(std::move(text), secrets); };
  for (auto* list : {&mail.to, &mail.cc, &mail.bcc, &mail.reply_to}) {
    for (Mailbox& mailbox : *list) mask(mailbox.name);
  }
  mask(mail.from.name);
  mask(mail.subject);
  for (auto& [name, value] : mail.headers) mask(value);
  for (auto* text : {&mail.text, &mail.html}) {
    if (*text) mask(**text);
  }
  if (mail.attachment) mask(mail.attachment->text);
}

std::string Shortened(const std::string& text) {
  constexpr std::size_t kShown = 4096;
  std::string_view shown = std::string_view(text).substr(0, kShown);
  while (!IsUtf8(shown) && kShown - shown.size() < 4) shown.remove_suffix(1);
  const std::string cut = fmt::format("\n[{} bytes more]", text.size() - shown.size());
  return std::string(shown) + (shown.size() < text.size() ? cut : "") + "\n";
}

std::string HeaderOf(const std::string& message) {
  std::string header = message.substr(0, message.find("\r\n\r\n"));
  std::erase(header, '\r');
  return header + "\n";
}

std::string TextOf(const MailMessage& mail, const SmtpRequest& request,
                   const std::string& message) {
  std::string text = fmt::format("{}\nMAIL FROM:<{}>\n", request.url, request.from);
  for (const std::string& recipient : request.recipients) {
    text += fmt::format("RCPT TO:<{}>\n", recipient);
  }
  text += "\n" + HeaderOf(message);
  if (mail.text) text += "\n" + Shortened(*mail.text);
  if (mail.html) text += "\n# as HTML\n" + Shortened(*mail.html);
  if (mail.attachment) {
    text += fmt::format("\n# attached: {}, {} bytes\n", mail.attachment->filename,
                        mail.attachment->text.size()) +
            Shortened(mail.attachment->text);
  }
  return MaskControls(text, '?', "\n\t");
}

Json JsonOf(const MailMessage& mail, const SmtpRequest& request, const std::string& message) {
  const auto optional = [](const std::optional<std::string>& text) {
    return text ? Json(*text) : Json();
  };
  Json attachment;
  if (mail.attachment) {
    attachment = {{"filename", mail.attachment->filename}, {"text", mail.attachment->text}};
  }
  return {{"smtp", request.url},
          {"starttls", request.starttls == StartTls::Required ? "required" : "off"},
          {"from", request.from},
          {"recipients", request.recipients},
          {"subject", mail.subject},
          {"text", optional(mail.text)},
          {"html", optional(mail.html)},
          {"attachment", std::move(attachment)},
          {"message", message}};
}

}  // namespace

Preview PreviewOf(MailMessage mail, const SmtpRequest& request, const Json& secrets, Time date) {
  Mask(mail, secrets);
  const std::string message = mail.Serialise(date);
  Preview preview{TextOf(mail, request, message), JsonOf(mail, request, message)};
  // Addresses, which the mail keeps as they are.
  preview.text = MaskSecrets(std::move(preview.text), secrets);
  preview.json = Json::parse(MaskSecrets(ToText(preview.json), secrets));
  return preview;
}

}  // namespace relay
