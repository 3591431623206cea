// The action type "email" and a real mail server. What was sent is read from the mailbox.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/mail_deployment.h"
#include "support/smtp_sink.h"
#include "support/sockets.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kContent = R"(
from = "Rescue <rescue@example.com>"
to = "{{ .TechEmail }}"
subject = "[{{ .Tracking0 }}] {{ .CField0 }} and {{ .TechName }}"
text = "{{ .transcript }}"
)";
const std::string kPost =
    "SessionID=4711&TechEmail=ada@example.com&TechName=Ada&Tracking0=CASE-1&CField0=Bob"
    "&ChatLog=10:00 AM hello";

std::string Login(const std::string& password) {
  return fmt::format("username = \"{}\"\npassword = \"{}\"\n", kMailUser, password);
}

std::string Action(const std::string& server, const std::string& content = kContent) {
  return "[action.mail]\ntype = \"email\"\n" + server + content;
}

// With all that the usual server wants.
std::string UsualServer(const MailServer& server, const std::string& password = kMailPassword) {
  return fmt::format("smtp = \"smtp://localhost:{}\"\nca_file = \"{}\"\n", server.port(),
                     server.ca_file().string()) +
         Login(password);
}

TEST(Mail, ASessionArrivesOnceAsItWas) {
  const MailServer server;
  const Mailing mailing(Action(UsualServer(server), kContent + R"(
html = "<p>{{ .transcript }}</p>"
reply_to = "{{ .TechName }} <{{ .TechEmail }}>"
headers = { X-Case = "{{ .Tracking0 }}" }
attach_transcript = true
)"));
  mailing.Post(
      "SessionID=4711&TechEmail=ada@example.com&TechName=Example, Søren 😀&Tracking0=CASE-1"
      "&CField0=谢谢&ChatLog=10:00 AM Bob: 1%2B1=2%0A10:01 AM Søren: </p><script>%0A.%0AFrom here");
  EXPECT_EQ(mailing.Deliver()["state"], "done");
  EXPECT_EQ(mailing.Deliver()["state"], "done");
  const auto mails = server.WaitForMails(1);
  ASSERT_THAT(mails, SizeIs(1));
  const json mail = ReadMail(mails[0]);
  const std::string transcript = "10:00 AM Bob: 1+1=2\n10:01 AM Søren: </p><script>\n.\nFrom here";
  EXPECT_EQ(mail["headers"]["Envelope-to"], "ada@example.com");
  EXPECT_EQ(mail["headers"]["Subject"], "[CASE-1] 谢谢 and Example, Søren 😀");
  EXPECT_EQ(mail["headers"]["X-Case"], "CASE-1");
  EXPECT_EQ(mail["From"], json::parse(R"([["Rescue", "rescue@example.com"]])"));
  EXPECT_EQ(mail["Reply-To"], json::parse(R"([["Example, Søren 😀", "ada@example.com"]])"));
  EXPECT_EQ(WithoutCr(mail["text"]), transcript);
  EXPECT_EQ(WithoutCr(mail["html"]),
            "<p>10:00 AM Bob: 1+1=2<br>\n10:01 AM Søren: &lt;/p&gt;&lt;script&gt;<br>\n.<br>\n"
            "From here</p>");
  EXPECT_EQ(mail["attachments"][0]["filename"], "session-4711.txt");
  EXPECT_EQ(WithoutCr(mail["attachments"][0]["text"]), transcript);
}

TEST(Mail, ManyMegabytesOfChatArriveWhole) {
  const MailServer server;
  const Mailing mailing(Action(UsualServer(server), R"(
from = "rescue@example.com"
to = "desk@example.com"
subject = "Session {{ .SessionID }}"
text = "attached"
attach_transcript = true
)"));
  std::string chat = "10:00 AM Bob: pasted";
  for (int i = 0; chat.size() < (std::size_t{8} << 20); ++i) {
    chat +=
        fmt::format("\n. {} </script> ü 😀 line {}\n.\nFrom {}", std::string(i % 2000, 'x'), i, i);
  }
  mailing.Post("SessionID=4711&ChatLog=" + chat);
  EXPECT_EQ(mailing.Deliver()["state"], "done");
  const auto mails = server.WaitForMails(1);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_TRUE(WithoutCr(ReadMail(mails[0])["attachments"][0]["text"]) == chat);
}

TEST(Mail, AnAddressBeyondAsciiIsDelivered) {
  const MailServer server;
  const Mailing mailing(Action(UsualServer(server)));
  mailing.Post("SessionID=1&TechEmail=søren@example.com&TechName=S&Tracking0=&CField0=");
  EXPECT_EQ(mailing.Deliver()["state"], "done");
  const auto mails = server.WaitForMails(1);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_EQ(ReadMail(mails[0])["To"], json::parse(R"([["", "søren@example.com"]])"));
}

TEST(Mail, TlsFromTheStartWorks) {
  const MailServer server;
  const Mailing mailing(Action(fmt::format("smtp = \"smtps://localhost:{}\"\nca_file = \"{}\"\n",
                                           server.tls_port(), server.ca_file().string()) +
                               Login(kMailPassword)));
  mailing.Post(kPost);
  EXPECT_EQ(mailing.Deliver()["state"], "done");
  EXPECT_THAT(server.WaitForMails(1), SizeIs(1));
}

TEST(Mail, WhatTheServerCannotTakeNowIsSentLater) {
  const MailServer server;
  const Mailing mailing(Action(UsualServer(server)));
  server.AnswerRecipients("451 4.3.0 <ada@example.com> not now");
  mailing.Post(kPost);
  json row = mailing.Deliver();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "SMTP 451 4.3.0: not now");
  server.AnswerRecipients("");
  server.AnswerMails("452 4.3.1 the disk is full");
  row = mailing.DeliverAgain();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "SMTP 452 4.3.1: not now");
  EXPECT_THAT(server.mails(), IsEmpty());
  server.AnswerMails("");
  EXPECT_EQ(mailing.DeliverAgain()["state"], "done");
  EXPECT_THAT(server.WaitForMails(1), SizeIs(1));
}

TEST(Mail, WhatTheServerNeverTakesIsDead) {
  const MailServer server;
  const Mailing mailing(Action(UsualServer(server)));
  server.AnswerRecipients("550 5.1.1 <ada@example.com> is nobody");
  mailing.Post(kPost);
  json row = mailing.Deliver();
  EXPECT_EQ(row["state"], "dead");
  EXPECT_EQ(row["last_error"], "SMTP 550 5.1.1: refused");
  EXPECT_THAT(mailing.installation().List({"queue", "show", "1"}).at(0)["last_answer"],
              HasSubstr("\n550 5.1.1 <ada@example.com> is nobody\n"));
  server.AnswerRecipients("");
  server.AnswerMails("554 5.6.0 contents");
  row = mailing.DeliverAgain();
  EXPECT_EQ(row["state"], "dead");
  EXPECT_EQ(row["last_error"], "SMTP 554 5.6.0: refused");
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(Mail, AWrongPasswordPausesAndNothingIsLost) {
  const MailServer server;
  const Mailing mailing(Action(UsualServer(server, "wrong")));
  mailing.Post(kPost);
  const json row = mailing.Deliver();
  EXPECT_EQ(row["state"], "due");
  const auto actions = mailing.installation().List({"action", "list"});
  EXPECT_EQ(actions.at(0)["state"], "paused");
  EXPECT_THAT(actions.at(0)["reason"], HasSubstr("SMTP 535"));
  mailing.Configure(Action(UsualServer(server)));
  EXPECT_EQ(mailing.installation().Relay({"action", "resume", "mail"}).code, 0);
  EXPECT_EQ(mailing.Deliver()["state"], "done");
  EXPECT_THAT(server.WaitForMails(1), SizeIs(1));
}

TEST(Mail, ALoginThatIsMissingPauses) {
  const MailServer server;
  const Mailing mailing(Action(fmt::format("smtp = \"smtp://localhost:{}\"\nca_file = \"{}\"\n",
                                           server.port(), server.ca_file().string())));
  mailing.Post(kPost);
  EXPECT_EQ(mailing.Deliver()["state"], "due");
  EXPECT_THAT(mailing.installation().List({"action", "list"}).at(0)["reason"],
              HasSubstr("SMTP 530 5.7.0"));
}

TEST(Mail, GoesInTheClearOnlyWhereTheConfigurationSaysSo) {
  const MailServer server(MailServerKind::InTheClear);
  const std::string smtp = fmt::format("smtp = \"smtp://localhost:{}\"\n", server.port());
  const Mailing mailing(Action(smtp));
  mailing.Post(kPost);
  const json row = mailing.Deliver();
  EXPECT_EQ(row["state"], "due");
  EXPECT_THAT(row["last_error"], HasSubstr("STARTTLS"));
  EXPECT_THAT(server.mails(), IsEmpty());
  mailing.Configure(Action(smtp + "starttls = \"off\"\n"));
  EXPECT_EQ(mailing.DeliverAgain()["state"], "done");
  EXPECT_THAT(server.WaitForMails(1), SizeIs(1));
}

TEST(Mail, AServerThatTakesNoLoginIsTriedAgain) {
  const MailServer server(MailServerKind::KnowsNobody);
  const Mailing mailing(
      Action(fmt::format("smtp = \"smtp://localhost:{}\"\nstarttls = \"off\"\n", server.port()) +
             Login(kMailPassword)));
  mailing.Post(kPost);
  const json row = mailing.Deliver();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "SMTP 550 5.7.1: refused, and the server offers no login");
}

TEST(Mail, AServerWithACertificateThatNobodyTrustsGetsNothing) {
  const MailServer server;
  const std::string ca = "ca_file = \"" + server.ca_file().string() + "\"\n";
  const std::string other_ca = "ca_file = \"" + server.other_ca_file().string() + "\"\n";
  for (const auto& [url, vouching] : std::vector<std::pair<std::string, std::string>>{
           {fmt::format("smtp://localhost:{}", server.port()), ""},
           {fmt::format("smtp://localhost:{}", server.port()), other_ca},
           {fmt::format("smtps://localhost:{}", server.tls_port()), other_ca},
           {fmt::format("smtp://127.0.0.2:{}", server.port()), ca}}) {
    const Mailing mailing(Action("smtp = \"" + url + "\"\n" + vouching + Login(kMailPassword)));
    mailing.Post(kPost);
    const json row = mailing.Deliver();
    EXPECT_EQ(row["state"], "due") << url;
    EXPECT_THAT(row["last_error"], HasSubstr("certificate")) << url;
  }
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(Mail, NobodyAtThePortIsTriedAgain) {
  const Mailing mailing(Action(fmt::format("smtp = \"smtp://localhost:{}\"\n", FreePort())));
  mailing.Post(kPost);
  const json row = mailing.Deliver();
  EXPECT_EQ(row["state"], "due");
  EXPECT_THAT(row["last_error"], HasSubstr("connect"));
}

TEST(Mail, EveryTryOfADeliveryHasTheSameMessageId) {
  const SmtpSink sink(SmtpSink::Replies{{".", "451 4.3.0 did I take it or not?"}});
  const Mailing mailing(Action("smtp = \"" + sink.Url() + "\"\nstarttls = \"off\"\n"));
  mailing.Post(kPost);
  EXPECT_EQ(mailing.Deliver()["state"], "due");
  EXPECT_EQ(mailing.DeliverAgain()["attempts"], 2);
  const auto mails = sink.mails();
  ASSERT_THAT(mails, SizeIs(2));
  const auto id_of = [](const std::string& mail) {
    const auto begin = mail.find("Message-ID: ");
    return mail.substr(begin, mail.find('\r', begin) - begin);
  };
  EXPECT_THAT(id_of(mails[0]), HasSubstr("@example.com>"));
  EXPECT_EQ(id_of(mails[0]), id_of(mails[1]));
}

TEST(Mail, AttemptsAtInjectionArriveNowhere) {
  const MailServer server;
  const std::vector<std::string> evil{
      "TechEmail=a@example.com%0D%0ABcc: evil@example.net&TechName=A",
      "TechEmail=a@example.com%0ARCPT TO:<evil@example.net>&TechName=A",
      "TechEmail=a@example.com, evil@example.net&TechName=A",
      "TechEmail=a@example.com> <evil@example.net&TechName=A",
      "TechEmail=a@example.com&TechName=A%0D%0ABcc: evil@example.net",
      "TechEmail=a@example.com&TechName=A%0D%0A%0D%0Aanother body",
  };
  const Mailing mailing(Action(UsualServer(server)));
  for (std::size_t i = 0; i < evil.size(); ++i) {
    mailing.Post(fmt::format("SessionID={}&Tracking0=1&CField0=x&{}", i, evil[i]));
  }
  EXPECT_EQ(mailing.installation().Relay({"deliver", "--once"}).code, 0);
  for (const json& row : mailing.installation().List({"queue", "list"})) {
    EXPECT_EQ(row["state"], "dead");
    EXPECT_THAT(row["last_error"], testing::AnyOf(HasSubstr("to: "), HasSubstr("subject: ")));
    EXPECT_THAT(row["last_error"], Not(HasSubstr("example")));
  }
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(Mail, ATryShowsWhatWouldBeSent) {
  const Mailing mailing(Action("smtp = \"smtp://mail.example\"\n"));
  mailing.Post(kPost);
  const Finished shown = mailing.installation().Relay({"action", "try", "mail", "--post", "1"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("RCPT TO:<ada@example.com>\n"));
  EXPECT_THAT(shown.out, HasSubstr("\nSubject: [CASE-1] Bob and Ada\n"));
  EXPECT_THAT(shown.out, HasSubstr("\n10:00 AM hello\n"));
}

}  // namespace
}  // namespace relay::test
