// What an action of type "email" says. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/template.h"

namespace relay {

// STARTTLS on smtp://. With smtps:// the connection is encrypted from its start.
enum class StartTls { Required, Off };

struct MailLogin {
  PlacedTemplate username;
  PlacedTemplate password;
};

struct MailConfig {
  std::string url;  // "smtp://host:port/name"; the name is what EHLO says
  StartTls starttls = StartTls::Required;
  std::string ca_file;
  std::optional<MailLogin> login;
  // One mailbox each. What renders to nothing is left out, but for `from`.
  PlacedTemplate from;
  std::vector<PlacedTemplate> to;
  std::vector<PlacedTemplate> cc;
  std::vector<PlacedTemplate> bcc;
  std::vector<PlacedTemplate> reply_to;
  PlacedTemplate subject;
  std::vector<NamedTemplate> headers;
  // One of them at least.
  std::optional<PlacedTemplate> text;
  std::optional<PlacedTemplate> html;
  bool attach_transcript = false;
};

}  // namespace relay
