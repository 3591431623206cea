#include "action/smtp_answer.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

struct AnswerRow {
  SmtpEnd end;
  int code;
  const char* said;
  OutcomeKind kind;
  const char* reason;
  Reach reach = Reach::Answered;
};

constexpr AnswerRow kRows[] = {
    {SmtpEnd::Accepted, 250, "250 OK\r\n", OutcomeKind::Done, ""},
    {SmtpEnd::Refused, 421, "421 4.3.2 closing\r\n", OutcomeKind::Retry, "SMTP 421 4.3.2: not now",
     Reach::Failed},
    {SmtpEnd::Refused, 450, "450 <a@b> is busy\r\n", OutcomeKind::Retry, "SMTP 450: not now",
     Reach::Failed},
    {SmtpEnd::Refused, 550, "250 OK\r\n550 5.1.1 <a@b> nobody\r\n221 bye\r\n", OutcomeKind::Dead,
     "SMTP 550 5.1.1: refused"},
    {SmtpEnd::Refused, 550, "550-5.7.1 one\r\n550 5.7.1 two\r\n", OutcomeKind::Dead,
     "SMTP 550 5.7.1: refused"},
    {SmtpEnd::Refused, 554, "554 5.1.1234567 no\r\n", OutcomeKind::Dead, "SMTP 554: refused"},
    {SmtpEnd::Refused, 554, "554", OutcomeKind::Dead, "SMTP 554: refused"},
    {SmtpEnd::Refused, 554, "", OutcomeKind::Dead, "SMTP 554: refused"},
    {SmtpEnd::Refused, 530, "530 5.7.0 log in\r\n", OutcomeKind::AuthRefused,
     "SMTP 530 5.7.0: the login is missing or refused"},
    {SmtpEnd::Refused, 538, "", OutcomeKind::AuthRefused,
     "SMTP 538: the login is missing or refused"},
    {SmtpEnd::LoginRefused, 535, "535 5.7.8 wrong\r\n", OutcomeKind::AuthRefused,
     "SMTP 535 5.7.8: the login is missing or refused"},
    {SmtpEnd::LoginRefused, 534, "", OutcomeKind::AuthRefused,
     "SMTP 534: the login is missing or refused"},
    {SmtpEnd::LoginRefused, 504, "", OutcomeKind::AuthRefused,
     "SMTP 504: the login is missing or refused"},
    {SmtpEnd::LoginRefused, 454, "454 4.7.0 later\r\n", OutcomeKind::Retry,
     "SMTP 454 4.7.0: not now", Reach::Failed},
    {SmtpEnd::LoginRefused, 250, "250-AUTH NTLM\r\n250 OK\r\n", OutcomeKind::AuthRefused,
     "the server offers no kind of login that is known here"},
    {SmtpEnd::Insecure, 250, "250 OK\r\n", OutcomeKind::Retry, "libcurl's words", Reach::Failed},
    {SmtpEnd::Unreachable, 354, "354 go\r\n", OutcomeKind::Retry, "libcurl's words", Reach::Failed},
    {SmtpEnd::Unreachable, 550, "550 no\r\n", OutcomeKind::Retry, "libcurl's words", Reach::Failed},
    {SmtpEnd::Stopped, 0, "", OutcomeKind::Interrupted, "stopped", Reach::Unknown},
};

TEST(SmtpAnswer, MeansWhatItsCodeSays) {
  for (const AnswerRow& row : kRows) {
    const Outcome outcome = OutcomeOf({row.end, row.code, "libcurl's words", row.said});
    EXPECT_EQ(outcome.kind, row.kind) << row.code << row.said;
    EXPECT_EQ(outcome.reason, row.reason);
    EXPECT_EQ(outcome.reach, row.reach) << row.code << row.said;
  }
}

TEST(SmtpAnswer, OfARefusalWithoutTheLoginThatWasMeantIsTriedAgain) {
  const SmtpAnswer answer{SmtpEnd::Refused, 550, "", "550 5.7.1 relaying denied\r\n", false};
  const Outcome outcome = OutcomeOf(answer);
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_EQ(outcome.reason, "SMTP 550 5.7.1: refused, and the server offers no login");
}

}  // namespace
}  // namespace relay
