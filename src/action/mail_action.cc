#include "action/mail_action.h"

#include "action/kept_answer.h"
#include "action/mail_preview.h"

namespace relay {
MailAction::MailAction(const ActionConfig& config, const MailConfig& mail,
                       const Surroundings& surroundings, Program program)
    : config_(config),
      mail_(mail),
      surroundings_(surroundings),
      program_(std::move(program)),
      client_(surroundings.stop) {}

Result<MailAction::Prepared> MailAction::Prepare(const Work& work) {
  Rendering rendering(program_, work.document, surroundings_.config.secrets);
  auto mail = ComposeMail(mail_, work, rendering);
  if (!mail) return mail.error();
  SmtpRequest request;
  request.url = mail_.url;
  request.starttls = mail_.starttls;
  request.ca_file = mail_.ca_file;
  request.from = mail->from.address;
  request.recipients = mail->Recipients();
  request.timeout = config_.timeout;
  if (mail_.login) {
    auto username = rendering.Text(mail_.login->username, Destination::Header);
    if (!username) return username.error();
    auto password = rendering.Text(mail_.login->password, Destination::Header);
    if (!password) return password.error();
    request.login = {std::move(*username), std::move(*password)};
  }
  return Prepared{std::move(*mail), std::move(request)};
}

Result<Preview> MailAction::Describe(const Work& work) {
  auto prepared = Prepare(work);
  if (!prepared) return prepared.error();
  return PreviewOf(std::move(prepared->mail), prepared->request, surroundings_.config.secrets,
                   SystemClock().Now());
}

Outcome MailAction::Run(const Work& work) {
  auto prepared = Prepare(work);
  if (!prepared) return {OutcomeKind::Dead, prepared.error().message, {}};
  prepared->request.message = prepared->mail.Serialise(SystemClock().Now());
  SmtpAnswer answer = client_.Send(prepared->request);
  Outcome outcome = OutcomeOf(answer);
  std::erase(answer.said, '\r');
  // The end of a conversation says the most.
  outcome.answer = KeptAnswer(std::move(answer.said), Keep::End, surroundings_.config.secrets);
  return outcome;
}

}  // namespace relay
