// One action of type "email": one mail for a delivery.
#pragma once

#include "action/action.h"
#include "action/compose_mail.h"
#include "action/rendering.h"
#include "action/smtp_client.h"

namespace relay {

class MailAction : public Action {
 public:
  MailAction(const ActionConfig& config, const MailConfig& mail, const Surroundings& surroundings,
             Program program);

  Result<Preview> Describe(const Work& work) override;
  Outcome Run(const Work& work) override;

 private:
  struct Prepared {
    MailMessage mail;
    SmtpRequest request;  // without the message
  };
  Result<Prepared> Prepare(const Work& work);

  const ActionConfig& config_;
  const MailConfig& mail_;
  const Surroundings surroundings_;
  Program program_;
  SmtpClient client_;
};

}  // namespace relay
