#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kBegin = "[action.mail]\ntype = \"email\"\n";
const std::string kSmtp = "smtp = \"smtp://mail.example:587\"\n";
const std::string kRest = R"(from = "Rescue <rescue@example.com>"
to = "desk@example.com"
subject = "Session {{ .SessionID }}"
text = "{{ .transcript }}"
)";

LoadedConfig LoadMail(const std::string& text) {
  const test::TempDir dir;
  return LoadConfig(dir.Write("relay.toml", text).string(),
                    [](const std::string&) { return std::nullopt; });
}

TEST(LoadMail, ReadsEveryKey) {
  const LoadedConfig loaded = LoadMail(kBegin + kSmtp + kRest + R"(
starttls = "off"
username = "relay"
password = "{{ $secret.smtp }}"
cc = ["{{ .TechName }} <{{ .TechEmail }}>", "b@example.com"]
bcc = ["c@example.com"]
reply_to = "d@example.com"
html = "<p>{{ .Notes }}</p>"
attach_transcript = true
ca_file = "/etc/ca.pem"
headers = { X-Case = "{{ .Tracking0 }}" }
)");
  ASSERT_THAT(loaded.problems, IsEmpty());
  const ActionConfig& action = loaded.config->actions.at(0);
  EXPECT_EQ(action.type, "email");
  EXPECT_EQ(action.timeout, std::chrono::minutes(1));
  const auto& mail = std::get<MailConfig>(action.what);
  EXPECT_EQ(mail.url, "smtp://mail.example:587");
  EXPECT_EQ(mail.starttls, StartTls::Off);
  EXPECT_TRUE(mail.login);
  EXPECT_THAT(mail.to, SizeIs(1));
  EXPECT_THAT(mail.cc, SizeIs(2));
  EXPECT_THAT(mail.bcc, SizeIs(1));
  EXPECT_THAT(mail.reply_to, SizeIs(1));
  EXPECT_TRUE(mail.text);
  EXPECT_TRUE(mail.html);
  EXPECT_TRUE(mail.attach_transcript);
  EXPECT_EQ(mail.ca_file, "/etc/ca.pem");
  EXPECT_THAT(mail.headers, SizeIs(1));
  EXPECT_THAT(action.expressions, SizeIs(7));
}

TEST(LoadMail, WantsTlsUnlessToldOtherwise) {
  const LoadedConfig loaded = LoadMail(kBegin + kSmtp + kRest);
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(std::get<MailConfig>(loaded.config->actions.at(0).what).starttls, StartTls::Required);
}

TEST(LoadMail, ReportsWhatIsMissing) {
  EXPECT_THAT(LoadMail(kBegin).problems,
              ElementsAre(EndsWith(":1: action \"mail\": smtp: is missing"),
                          EndsWith(":1: action \"mail\": from: is missing"),
                          EndsWith(": to: a recipient is missing: to, cc or bcc"),
                          EndsWith(": subject: is missing"),
                          EndsWith(": text: is missing; text, html or both are the mail")));
}

struct MailRow {
  const char* keys;
  const char* problem;
};

TEST(LoadMail, ReportsWhatCannotBe) {
  const MailRow rows[] = {
      {"smtp = \"http://mail.example\"", ":3: action \"mail\": smtp: must begin with smtp://"},
      {"smtp = \"smtp://a:b@mail.example\"", "smtp: takes no user"},
      {"smtp = 25", "smtp: must be"},
      {"smtp = \"smtps://mail.example\"\nstarttls = \"off\"",
       ":4: action \"mail\": starttls: is for"},
      {"smtp = \"smtp://x\"\nstarttls = \"of\"", "did you mean \"off\"?"},
      {"smtp = \"smtp://x\"\nusername = \"a\"", "username: password is missing"},
      {"smtp = \"smtp://x\"\npassword = \"a\"", "password: username is missing"},
      {"smtp = \"smtp://x\"\ncc = [7]", "cc[0]: must be a string"},
      {"smtp = \"smtp://x\"\ncc = [\"{{ .a\"]", "cc[0]: "},
      {"smtp = \"smtp://x\"\nheaders = { Subject = \"a\" }", "headers: Subject is not for"},
      {"smtp = \"smtp://x\"\nheaders = { bCC = \"a\" }", "headers: bCC is not for"},
      {"smtp = \"smtp://x\"\nheaders = { Content-Type = \"a\" }",
       "headers: Content-Type is not for"},
      {"smtp = \"smtp://x\"\nheaders = { \"X Y\" = \"a\" }", "\"X Y\" is no name of a header"},
      {"smtp = \"smtp://x\"\nheaders = { \"X:\" = \"a\" }", "is no name of a header"},
      {"smtp = \"smtp://x\"\nheaders = { \"\" = \"a\" }", "is no name of a header"},
      {"smtp = \"smtp://x\"\nheaders = { \"Ü\" = \"a\" }", "is no name of a header"},
      {"smtp = \"smtp://x\"\nattach_transcript = 1", "attach_transcript: must be true or false"},
      {"smtp = \"smtp://x\"\nreplyto = \"a@b\"",
       "unknown key \"replyto\" (did you mean \"reply_to\"?)"},
  };
  for (const MailRow& row : rows) {
    EXPECT_THAT(LoadMail(kBegin + row.keys + "\n" + kRest).problems,
                ElementsAre(HasSubstr(row.problem)))
        << row.keys;
  }
}

TEST(LoadMail, TakesABlindRecipientAndHtmlAlone) {
  EXPECT_THAT(
      LoadMail(kBegin + kSmtp + "from = \"a@b\"\nbcc = \"c@d\"\nsubject = \"\"\nhtml = \"x\"\n")
          .problems,
      IsEmpty());
}

}  // namespace
}  // namespace relay
