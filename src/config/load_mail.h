// The keys of an action of type "email". Part of LoadConfig.
#pragma once

#include "config/action_reader.h"
#include "config/mail_config.h"

namespace relay {

MailConfig LoadMail(ActionReader& action);

}  // namespace relay
