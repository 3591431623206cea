#include "action/mail_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/mail_reader.h"
#include "support/temp_dir.h"
#include "unit/action/mail_lines.h"

namespace relay {
namespace {

using nlohmann::json;
using std::chrono::sys_days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Time kDate = sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(10);

MailMessage Simple() {
  MailMessage mail;
  mail.id = "store-1";
  mail.thread = "session-1";
  mail.from = {"Rescue", "rescue@example.com"};
  mail.to = {{"", "desk@example.com"}};
  mail.subject = "Session 1";
  mail.text = "Hello\n";
  return mail;
}

// Whatever line breaks a mail is read with.
MATCHER_P(ReadsAs, text, "") {
  return test::WithoutCr(arg.template get<std::string>()) == test::WithoutCr(text);
}

json Read(const MailMessage& mail) {
  const test::TempDir dir;
  return test::ReadMail(dir.Write("mail", mail.Serialise(kDate)));
}

TEST(MailMessage, OfTextAloneIsOnePart) {
  EXPECT_EQ(Simple().Serialise(kDate),
            "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n"
            "From: Rescue <rescue@example.com>\r\n"
            "To: desk@example.com\r\n"
            "Subject: Session 1\r\n"
            "Message-ID: <store-1@example.com>\r\n"
            "In-Reply-To: <session-1@example.com>\r\n"
            "References: <session-1@example.com>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Hello\r\n");
}

TEST(MailMessage, IsTheSameBytesEveryTime) {
  MailMessage mail = Simple();
  mail.html = "<p>Hello";
  mail.attachment = {"session-1.txt", "10:00 AM hello"};
  EXPECT_EQ(mail.Serialise(kDate), mail.Serialise(kDate));
}

TEST(MailMessage, ListsEachRecipientOnceAndNoBlindOneInAHeader) {
  MailMessage mail = Simple();
  mail.cc = {{"Ada", "ada@example.com"}, {"", "desk@example.com"}};
  mail.bcc = {{"", "boss@example.com"}, {"Ada again", "ada@example.com"}};
  EXPECT_THAT(mail.Recipients(),
              ElementsAre("desk@example.com", "ada@example.com", "boss@example.com"));
  EXPECT_THAT(mail.Serialise(kDate), Not(HasSubstr("boss")));
}

TEST(MailMessage, WithBlindRecipientsAloneSaysThatTheyAreUndisclosed) {
  MailMessage mail = Simple();
  mail.bcc = std::exchange(mail.to, {});
  EXPECT_THAT(mail.Serialise(kDate), HasSubstr("\r\nTo: undisclosed-recipients:;\r\n"));
}

TEST(MailMessage, OfferingTextHtmlAndAnAttachmentIsReadAsThese) {
  MailMessage mail = Simple();
  mail.html = "<p>Hello</p>";
  mail.attachment = {"session-1.txt", "10:00 AM hello\n10:01 AM bye"};
  const json read = Read(mail);
  EXPECT_EQ(read["type"], "multipart/mixed");
  EXPECT_THAT(read["text"], ReadsAs("Hello\n"));
  EXPECT_EQ(read["html"], "<p>Hello</p>");
  EXPECT_EQ(read["attachments"], json::parse(R"([{"filename": "session-1.txt", "type": "text/plain",
                             "text": "10:00 AM hello\r\n10:01 AM bye"}])"));
}

TEST(MailMessage, KeepsATextThatImitatesTheEndOfItsPart) {
  MailMessage mail = Simple();
  mail.html = "<p>Hello</p>";
  const std::string wire = mail.Serialise(kDate);
  const auto begin = wire.find("boundary=\"") + 10;
  const std::string line = "--" + wire.substr(begin, wire.find('"', begin) - begin);
  mail.text = "before\r\n" + line + "--\r\n" + line + "\r\nContent-Type: text/html\r\n\r\nevil";
  const json read = Read(mail);
  EXPECT_THAT(read["text"], ReadsAs(*mail.text));
  EXPECT_EQ(read["html"], "<p>Hello</p>");
}

// What people are called and what they paste.
const std::vector<std::string> kPieces{
    "Ada",     " ",    "Søren",
    "谢谢",    "😀",    "👩‍👩‍👧",
    ",",       "\"",   "\\",
    "(x)",     "@",    ".",
    ";",       ":",    "'",
    "=?",      "?=",   "=",
    "a-b",     "_",    "ß",
    "İ",       "=3D",  "%0A",
    "e\u0301", "&lt;", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
const std::vector<std::string> kTextPieces{
    "\r\n",    "\r\n.\r\n",          "\r\nFrom ", "</script>", "--",
    "\x1B[2J", std::string(1, '\0'), "\r\n\r\n",  "\t",        "\r\nSubject: x\r\n"};

class Chance {
 public:
  std::string Name() { return Trimmed(Made(kPieces, 12)); }
  std::string Text() {
    std::string text;
    for (auto count = random_() % 20; count > 0; --count) {
      text += Made(kPieces, 5) + kTextPieces[random_() % kTextPieces.size()];
    }
    return text + "\r\n";
  }

 private:
  std::string Made(const std::vector<std::string>& from, unsigned most) {
    std::string made;
    for (auto count = random_() % most; count > 0; --count) made += from[random_() % from.size()];
    return made;
  }
  static std::string Trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
  }
  std::mt19937 random_{11};
};

TEST(MailMessage, IsReadByOthersAsItWasMeant) {
  Chance chance;
  const test::TempDir dir;
  std::vector<MailMessage> mails;
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < 100; ++i) {
    MailMessage mail = Simple();
    mail.from.name = chance.Name();
    mail.to = {{chance.Name(), "a@example.com"}, {chance.Name(), "b@example.com"}};
    mail.subject = chance.Name();
    mail.headers = {{"X-Customer", chance.Name() + "x"}};
    mail.text = chance.Text();
    mail.html = chance.Text();
    mail.attachment = {"session-1.txt", chance.Text()};
    const std::string wire = mail.Serialise(kDate);
    for (const std::string& line : LinesOf(wire)) EXPECT_LE(line.size(), 78u) << line;
    files.push_back(dir.Write(std::to_string(i), wire));
    mails.push_back(std::move(mail));
  }
  const std::vector<json> read = test::ReadMails(files);
  ASSERT_EQ(read.size(), mails.size());
  for (std::size_t i = 0; i < mails.size(); ++i) {
    const MailMessage& mail = mails[i];
    EXPECT_EQ(read[i]["From"][0], json({mail.from.name, mail.from.address}));
    EXPECT_EQ(read[i]["To"][0], json({mail.to[0].name, mail.to[0].address}));
    EXPECT_EQ(read[i]["To"][1], json({mail.to[1].name, mail.to[1].address}));
    EXPECT_EQ(read[i]["headers"]["Subject"], mail.subject);
    EXPECT_EQ(read[i]["headers"]["X-Customer"], mail.headers[0].second);
    EXPECT_THAT(read[i]["text"], ReadsAs(*mail.text));
    EXPECT_THAT(read[i]["html"], ReadsAs(*mail.html));
    EXPECT_THAT(read[i]["attachments"][0]["text"], ReadsAs(mail.attachment->text));
  }
}

// Texts of the characters that addresses are made of, most of them no mailboxes.
std::vector<Mailbox> RandomMailboxes() {
  const std::vector<std::string> pieces{"a", "@", "b", ".", "<", ">", ",",  " ",  "\"",  "(",
                                        ")", "ü", "[", "]", ":", ";", "\\", "=?", "a@b", " <a@b>"};
  std::mt19937 random(3);
  std::vector<Mailbox> mailboxes;
  while (mailboxes.size() < 200) {
    std::string text;
    for (auto count = 1 + random() % 8; count > 0; --count)
      text += pieces[random() % pieces.size()];
    auto parsed = ParseMailbox(text);
    if (parsed && *parsed) mailboxes.push_back(std::move(**parsed));
  }
  return mailboxes;
}

TEST(MailMessage, IsForOthersAddressedToWhomItIsForUs) {
  const test::TempDir dir;
  const std::vector<Mailbox> mailboxes = RandomMailboxes();
  std::vector<std::filesystem::path> files;
  for (const Mailbox& mailbox : mailboxes) {
    MailMessage mail = Simple();
    mail.to = {mailbox};
    files.push_back(dir.Write(std::to_string(files.size()), mail.Serialise(kDate)));
  }
  const std::vector<json> read = test::ReadMails(files);
  ASSERT_EQ(read.size(), mailboxes.size());
  for (std::size_t i = 0; i < mailboxes.size(); ++i) {
    EXPECT_EQ(read[i]["To"], json::array({{mailboxes[i].name, mailboxes[i].address}}));
  }
}

}  // namespace
}  // namespace relay
