// From the templates of an action of type "email" and a post to the mail.
#pragma once

#include "action/action.h"
#include "action/mail_message.h"
#include "action/rendering.h"
#include "config/mail_config.h"

namespace relay {

// Permanent where a value cannot stand in its place or no recipient is left; names the place, never
// a value.
Result<MailMessage> ComposeMail(const MailConfig& config, const Work& work, Rendering& rendering);

}  // namespace relay
