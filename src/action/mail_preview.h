// A mail for an operator to read before it is sent. Pure.
#pragma once

#include "action/action.h"
#include "action/mail_message.h"
#include "action/smtp_client.h"

namespace relay {

// For programs, the message is there whole, byte by byte as well as by its parts; for people, long
// texts are cut. Secrets are masked.
Preview PreviewOf(MailMessage mail, const SmtpRequest& request, const Json& secrets, Time date);

}  // namespace relay
