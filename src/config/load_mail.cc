#include "config/load_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/smtp_url.h"

namespace relay {
namespace {

void LoadServer(ActionReader& action, MailConfig& mail) {
  const auto text = action.String("smtp");
  const auto starttls = action.OneOf("starttls", {"required", "off"});
  if (starttls && *starttls == 1) mail.starttls = StartTls::Off;
  mail.ca_file = action.String("ca_file").value_or("");
  if (!text) {
    if (action.Find("smtp") == nullptr) action.Problem("smtp", "is missing");
    return;
  }
  const auto url = ParseSmtpUrl(*text);
  if (!url) {
    action.Problem("smtp", url.error().message);
    return;
  }
  mail.url = url->Text();
  if (url->tls_from_the_start && mail.starttls == StartTls::Off) {
    action.Problem("starttls", "is for smtp://; smtps:// is encrypted from the start");
  }
}

void LoadLogin(ActionReader& action, MailConfig& mail) {
  auto username = action.Template("username");
  auto password = action.Template("password");
  if (username && password) mail.login = {std::move(*username), std::move(*password)};
  if (username && !password) action.Problem("username", "password is missing");
  if (password && !username) action.Problem("password", "username is missing");
}

// Headers that the program writes itself, or the mail server.
bool IsMadeElsewhere(std::string_view name) {
  static constexpr std::array kNames{"date",     "from",         "reply-to",    "to",
                                     "cc",       "bcc",          "subject",     "message-id",
                                     "received", "in-reply-to",  "references",  "auto-submitted",
                                     "sender",   "mime-version", "return-path", "dkim-signature"};
  const std::string lower = ToLower(name);
  return lower.starts_with("content-") ||
         std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

bool IsHeaderName(std::string_view name) {
  constexpr std::size_t kLongest = 60;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return c > ' ' && c < 0x7F && c != ':'; });
}

void CheckHeaders(ActionReader& action, const std::vector<NamedTemplate>& headers) {
  for (const auto& [name, value] : headers) {
    if (!IsHeaderName(name)) {
      action.Problem("headers", fmt::format("\"{}\" is no name of a header", name));
    } else if (IsMadeElsewhere(name)) {
      action.Problem("headers", name + " is not for the configuration to set");
    }
  }
}

}  // namespace

MailConfig LoadMail(ActionReader& action) {
  MailConfig mail;
  LoadServer(action, mail);
  LoadLogin(action, mail);
  mail.from = action.RequiredTemplate("from");
  mail.to = action.TemplateList("to");
  mail.cc = action.TemplateList("cc");
  mail.bcc = action.TemplateList("bcc");
  mail.reply_to = action.TemplateList("reply_to");
  if (mail.to.empty() && mail.cc.empty() && mail.bcc.empty()) {
    action.Problem("to", "a recipient is missing: to, cc or bcc");
  }
  mail.subject = action.RequiredTemplate("subject");
  mail.headers = action.Templates("headers");
  CheckHeaders(action, mail.headers);
  mail.text = action.Template("text");
  mail.html = action.Template("html");
  if (!mail.text && !mail.html)
    action.Problem("text", "is missing; text, html or both are the mail");
  mail.attach_transcript = action.Bool("attach_transcript").value_or(false);
  return mail;
}

}  // namespace relay
