#include "action/smtp_answer.h"

#include <fmt/format.h>

#include <regex>

namespace relay {
namespace {

// " 5.1.1" where the reply with that code has one.
std::string EnhancedCode(int code, const std::string& said) {
  static const std::regex kEnhanced(R"(^[ -](\d\.\d{1,3}\.\d{1,3})\b)");
  const auto reply = ("\n" + said).rfind(fmt::format("\n{}", code));
  if (reply == std::string::npos) return "";
  const std::string rest = said.substr(reply + 3, 12);
  std::smatch match;
  return std::regex_search(rest, match, kEnhanced) ? " " + match[1].str() : "";
}

std::string Reason(const SmtpAnswer& answer, std::string_view why) {
  return fmt::format("SMTP {}{}: {}", answer.code, EnhancedCode(answer.code, answer.said), why);
}

// What asks for a login, whatever it was asked for (RFC 4954, 6).
bool IsAboutLogin(int code) {
  return code == 530 || code == 534 || code == 535 || code == 538;
}

Outcome AuthRefused(std::string reason) {
  return {OutcomeKind::AuthRefused, std::move(reason), {}, Reach::Answered};
}

Outcome OfRefusal(const SmtpAnswer& answer) {
  if (answer.code < 400) return AuthRefused("the server offers no kind of login that is known here");
  if (answer.code < 500) {
    return {OutcomeKind::Retry, Reason(answer, "not now"), {}, Reach::Failed};
  }
  if (answer.end == SmtpEnd::LoginRefused || IsAboutLogin(answer.code)) {
    return AuthRefused(Reason(answer, "the login is missing or refused"));
  }
  if (!answer.logged_in) {
    const char* why = "refused, and the server offers no login";
    return {OutcomeKind::Retry, Reason(answer, why), {}, Reach::Failed};
  }
  return {OutcomeKind::Dead, Reason(answer, "refused"), {}, Reach::Answered};
}

}  // namespace

Outcome OutcomeOf(const SmtpAnswer& answer) {
  switch (answer.end) {
    case SmtpEnd::Accepted:
      return {OutcomeKind::Done, "", {}, Reach::Answered};
    case SmtpEnd::Refused:
    case SmtpEnd::LoginRefused:
      return OfRefusal(answer);
    case SmtpEnd::Insecure:
    case SmtpEnd::Unreachable:
      return {OutcomeKind::Retry, answer.why, {}, Reach::Failed};
    case SmtpEnd::Stopped:
      break;
  }
  return {OutcomeKind::Interrupted, "stopped", {}};
}

}  // namespace relay
