// From the configuration and a post to a mail, without sending it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/action.h"
#include "config/load.h"
#include "support/mail_reader.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Keys {
  std::string to = R"("desk@example.com")";
  std::string subject = "Session {{ .SessionID }}";
  std::string more = R"(text = "{{ .transcript }}")";
};

class MailActionTest : public testing::Test {
 protected:
  Result<Preview> Describe(const Keys& keys) {
    const std::string text = R"(
[secrets]
smtp = { env = "SMTP" }
[action.mail]
type = "email"
smtp = "smtp://mail.example:587"
from = "Rescue <rescue@example.com>"
to = )" + keys.to + "\nsubject = \"" +
                             keys.subject + "\"\n" + keys.more + "\n";
    auto loaded = LoadConfig(dir_.Write("relay.toml", text).string(), [](const std::string& name) {
      return name == "SMTP" ? std::optional<std::string>("so secret") : std::nullopt;
    });
    EXPECT_THAT(loaded.problems, IsEmpty());
    if (!loaded.config) return Error{ErrorKind::BadInput, "the configuration"};
    const std::atomic<bool> never{false};
    auto action = MakeAction(loaded.config->actions.at(0), {*loaded.config, never});
    if (!action) return action.error();
    return (*action)->Describe({document_, "store-7"});
  }

  std::string Refusal(const Keys& keys) {
    const auto preview = Describe(keys);
    return preview ? "" : preview.error().message;
  }

  test::TempDir dir_;
  Json document_{{"SessionID", "4711"},
                 {"TechName", "Ada Example"},
                 {"TechEmail", "ada@example.com"},
                 {"Tracking0", "CASE-1"},
                 {"CField0", nullptr},
                 {"transcript", "10:00 AM hello\n10:01 AM <b>bye</b>"}};
};

TEST_F(MailActionTest, ShowsTheWholeMailToPrograms) {
  const auto preview = Describe({.to = R"(["{{ .TechName }} <{{ .TechEmail }}>", "b@example.com"])",
                                 .more = R"(text = "{{ .transcript }}"
html = "<p>{{ .transcript }}</p>"
bcc = "c@example.com"
attach_transcript = true)"});
  ASSERT_TRUE(preview) << preview.error().message;
  const Json& json = preview->json;
  EXPECT_EQ(json["smtp"], "smtp://mail.example:587");
  EXPECT_EQ(json["starttls"], "required");
  EXPECT_EQ(json["from"], "rescue@example.com");
  EXPECT_EQ(json["recipients"], Json({"ada@example.com", "b@example.com", "c@example.com"}));
  EXPECT_EQ(json["subject"], "Session 4711");
  EXPECT_EQ(json["html"], "<p>10:00 AM hello<br>\n10:01 AM &lt;b&gt;bye&lt;/b&gt;</p>");
  EXPECT_EQ(json["attachment"]["filename"], "session-4711.txt");
  const auto read = test::ReadMail(dir_.Write("mail", json["message"].get<std::string>()));
  EXPECT_EQ(read["headers"]["Message-ID"], "<store-7@example.com>");
  EXPECT_EQ(test::WithoutCr(read["text"]), document_["transcript"]);
  EXPECT_EQ(test::WithoutCr(read["attachments"][0]["text"]), document_["transcript"]);
}

TEST_F(MailActionTest, ShowsPeopleTheTextsAndCutsLongOnes) {
  document_["transcript"] = "\x1B[2J ü" + std::string(std::size_t{8} << 20, 'x');
  const auto preview =
      Describe({.more = "text = \"Hello, {{ .TechName }}\"\nattach_transcript = true"});
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_THAT(preview->text, HasSubstr("smtp://mail.example:587\nMAIL FROM:<rescue@example.com>\n"
                                       "RCPT TO:<desk@example.com>\n\nDate: "));
  EXPECT_THAT(preview->text, HasSubstr("\nSubject: Session 4711\n"));
  EXPECT_THAT(preview->text, HasSubstr("\n\nHello, Ada Example\n"));
  EXPECT_THAT(preview->text, HasSubstr("# attached: session-4711.txt, 8388615 bytes\n?[2J üxxx"));
  EXPECT_THAT(preview->text, EndsWith("\n[8384519 bytes more]\n"));
  EXPECT_EQ(preview->json["attachment"]["text"], document_["transcript"]);
}

TEST_F(MailActionTest, AddressesThatAreEmptyAreLeftOut) {
  document_["TechEmail"] = "";
  const auto preview = Describe(
      {.to = R"(["{{ .TechName }} <{{ .TechEmail }}>", "{{ .TechEmail }}", "b@example.com"])"});
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_EQ(preview->json["recipients"], Json({"b@example.com"}));
}

TEST_F(MailActionTest, NobodyLeftIsARefusal) {
  document_["TechEmail"] = "";
  EXPECT_EQ(Refusal({.to = R"("{{ .TechEmail }}")"}),
            "no recipient is left: to, cc and bcc are empty");
}

TEST_F(MailActionTest, NullInAnAddressOrAHeaderIsARefusal) {
  EXPECT_THAT(Refusal({.to = R"(["b@example.com", "{{ .CField0 }}"])"}),
              EndsWith("to[1]: {{ .CField0 }}: is null"));
  EXPECT_THAT(Refusal({.subject = "{{ .CField0 }}"}), EndsWith("subject: {{ .CField0 }}: is null"));
}

TEST_F(MailActionTest, NullInATextIsEmpty) {
  const auto preview = Describe({.more = R"(text = "[{{ .CField0 }}]")"});
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->json["text"], "[]");
}

TEST_F(MailActionTest, ValuesBringNothingIntoTheHeaderAndReasonsHoldNone) {
  for (const std::string evil :
       {"x\r\nBcc: evil@example.net", "x\nBcc: evil@example.net", "x\rBcc: evil@example.net"}) {
    document_["TechEmail"] = evil;
    document_["TechName"] = evil;
    for (const auto& [place, keys] : std::vector<std::pair<std::string, Keys>>{
             {"to", {.to = R"("{{ .TechEmail }}")"}},
             {"to[0]", {.to = R"(["{{ .TechName }} <a@b>"])"}},
             {"subject", {.subject = "about {{ .TechName }}"}},
             {"cc", {.more = "text = \"\"\ncc = \"{{ .TechEmail }}\""}},
             {"bcc", {.more = "text = \"\"\nbcc = \"{{ .TechEmail }}\""}},
             {"reply_to", {.more = "text = \"\"\nreply_to = \"{{ .TechEmail }}\""}},
             {"headers.X-Tech",
              {.more = "text = \"\"\nheaders = { X-Tech = \"{{ .TechName }}\" }"}},
             {"username",
              {.more = "text = \"\"\nusername = \"{{ .TechName }}\"\npassword = \"x\""}}}) {
      const std::string refusal = Refusal(keys);
      EXPECT_THAT(refusal, testing::StartsWith(place + ": {{ "));
      EXPECT_THAT(refusal, EndsWith("holds a line break or a NUL"));
    }
  }
}

TEST_F(MailActionTest, AValueCannotAddARecipient) {
  for (const char* evil : {"a@example.com, evil@example.net", "a@example.com>, <evil@example.net",
                           "a@example.com> <evil@example.net", "a@example.com evil@example.net",
                           "a@example.com;evil@example.net"}) {
    document_["TechEmail"] = evil;
    EXPECT_EQ(Refusal({.to = R"("{{ .TechEmail }}")"}), "to: is not one mailbox") << evil;
    EXPECT_EQ(Refusal({.to = R"(["{{ .TechName }} <{{ .TechEmail }}>"])"}),
              "to[0]: is not one mailbox")
        << evil;
  }
}

TEST_F(MailActionTest, ALineBreakInTheConfigurationItselfIsARefusal) {
  EXPECT_EQ(Refusal({.subject = "one\\nBcc: two"}), "subject: holds a line break or a NUL");
  EXPECT_EQ(Refusal({.to = R"("a@b\nBcc: c@d")"}), "to: holds a line break or a NUL");
}

TEST_F(MailActionTest, ThreadsTheMailsOfASession) {
  const auto message = [&](const char* session) {
    document_["SessionID"] = session;
    const auto preview = Describe({});
    return test::ReadMail(dir_.Write("mail", preview->json["message"].get<std::string>()));
  };
  const auto one = message("1");
  EXPECT_EQ(one["headers"]["References"], one["headers"]["In-Reply-To"]);
  EXPECT_EQ(one["headers"]["References"], message("1")["headers"]["References"]);
  EXPECT_NE(one["headers"]["References"], message("2")["headers"]["References"]);
}

TEST_F(MailActionTest, NamesTheAttachmentWithoutWhatAFileNameCannotHold) {
  document_["SessionID"] = "../\"x\r\n;ü" + std::string(100, '7');
  const auto preview = Describe({.subject = "x", .more = "text = \"\"\nattach_transcript = true"});
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->json["attachment"]["filename"],
            "session-____x_____" + std::string(30, '7') + ".txt");
}

TEST_F(MailActionTest, AttachesNoTranscriptThatIsEmpty) {
  document_["transcript"] = "";
  const auto preview = Describe({.more = "text = \"x\"\nattach_transcript = true"});
  ASSERT_TRUE(preview);
  EXPECT_TRUE(preview->json["attachment"].is_null());
}

TEST_F(MailActionTest, MasksSecretsBeforeTheyAreEncoded) {
  const auto preview =
      Describe({.subject = "ü {{ $secret.smtp }}",
                .more = "text = \"谢谢谢谢 {{ $secret.smtp }}\"\nhtml = \"{{ $secret.smtp }}\""});
  ASSERT_TRUE(preview);
  const auto read = test::ReadMail(dir_.Write("mail", preview->json["message"].get<std::string>()));
  EXPECT_EQ(read["headers"]["Subject"], "ü ********");
  EXPECT_EQ(read["text"], "谢谢谢谢 ********");
  EXPECT_THAT(preview->text, Not(HasSubstr("so secret")));
  EXPECT_THAT(ToText(preview->json), Not(HasSubstr("so secret")));
}

}  // namespace
}  // namespace relay
