// The recipes for mail, as they stand but for the server and its password.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/mail_deployment.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class MailRecipes : public testing::Test {
 protected:
  // Fails the test where the recipe does not have what is to be replaced.
  static void Replace(std::string& text, const std::string& old, const std::string& with) {
    const auto at = text.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    text.replace(at, old.size(), with);
  }

  std::string Recipe(const std::string& name) const {
    std::string text = ReadFile(fs::path(RELAY_SOURCE_DIR) / "deploy/recipes" / name);
    Replace(text, "smtp://mail.example.com:587",
            fmt::format("smtp://localhost:{}", server_.port()));
    Replace(text, "# ca_file = \"/etc/rescue-relay/mail-ca.pem\"",
            "ca_file = \"" + server_.ca_file().string() + "\"");
    Replace(text, "file = \"/etc/rescue-relay/secrets/smtp\"", "file = \"password\"");
    Replace(text, "username = \"rescue-relay@example.com\"",
            fmt::format("username = \"{}\"", kMailUser));
    return text;
  }

  // The mail that a post becomes; null where it becomes none.
  json Sent(const std::string& recipe, const std::string& form) {
    const Mailing mailing(Recipe(recipe));
    WriteSecret(mailing.installation().dir() / "password", std::string(kMailPassword) + "\n");
    const Finished checked = mailing.installation().Relay({"check"});
    EXPECT_EQ(checked.code, 0) << checked.err;
    mailing.Post(form);
    EXPECT_EQ(mailing.installation().Relay({"deliver", "--once"}).code, 0);
    const auto rows = mailing.installation().List({"queue", "list"});
    if (rows.empty()) return nullptr;
    EXPECT_EQ(rows[0]["state"], "done") << rows[0].dump();
    const auto mails = server_.WaitForMails(1);
    EXPECT_THAT(mails, SizeIs(1));
    return mails.empty() ? json() : ReadMail(mails[0]);
  }

  const MailServer server_;
};

const std::string kClosed =
    "SessionID=4711&Tracking0=204471&TechName=Ada Example&TechEmail=ada@example.com"
    "&CField0=Søren <b>&CField2=555-1234&Platform=Windows 11&PickupTime=2026-03-02 10:00:05"
    "&ClosingTime=2026-03-02 10:32:40&WaitingTime=25&WorkTime=1290&Notes=Removed a rule.%0ADone."
    "&TSurvey0=Yes&ChatLog=10:00 AM Søren: hello%0A10:32 AM Ada Example: bye";

TEST_F(MailRecipes, TellTheHelpDeskWhatItWantsToKnow) {
  const json mail = Sent("mail.toml", kClosed);
  EXPECT_EQ(mail["headers"]["Subject"], "[204471] Rescue session 4711 with Søren <b>");
  EXPECT_EQ(mail["headers"]["Envelope-to"], "helpdesk@example.com");
  EXPECT_EQ(mail["Reply-To"], json::parse(R"([["", "ada@example.com"]])"));
  EXPECT_EQ(WithoutCr(mail["text"]), R"(Session:     4711
Case:        204471
Technician:  Ada Example <ada@example.com>
Platform:    Windows 11
Picked up:   2026-03-02T10:00:05Z
Closed:      2026-03-02T10:32:40Z
Waited:      0 min 25 s
Worked:      21 min 30 s

Customer: Søren <b>
Phone: 555-1234

Was it solved? Yes

Notes:
Removed a rule.
Done.
)");
  const std::string html = WithoutCr(mail["html"]);
  EXPECT_THAT(html, HasSubstr("<td>Customer: Søren &lt;b&gt;<br>\nPhone: 555-1234</td>"));
  EXPECT_THAT(html, HasSubstr("<td>Was it solved? Yes</td>"));
  EXPECT_THAT(html, HasSubstr("<td>Removed a rule.<br>\nDone.</td>"));
  EXPECT_THAT(html, Not(HasSubstr("Inventory number")));
  EXPECT_EQ(mail["attachments"][0]["filename"], "session-4711.txt");
  EXPECT_EQ(WithoutCr(mail["attachments"][0]["text"]),
            "10:00 AM Søren: hello\n10:32 AM Ada Example: bye");
}

TEST_F(MailRecipes, TellTheHelpDeskOfAPostThatSaysNextToNothing) {
  const json mail =
      Sent("mail.toml", "SessionID=1&ClosingTime=2026-03-02 10:32:40&TechEmail=a..b@example.com");
  EXPECT_EQ(mail["headers"]["Subject"], "[] Rescue session 1 with ");
  EXPECT_THAT(mail["Reply-To"], IsEmpty());
  EXPECT_THAT(mail["attachments"], IsEmpty());
}

TEST_F(MailRecipes, TellTheHelpDeskWhateverTheFieldsHold) {
  const json mail = Sent("mail.toml",
                         "SessionID=1&ClosingTime=2026-03-02 10:32:40&TechEmail=ada@example.com%0A"
                         "&Tracking0=a%0D%0Ab&CField0=line%0Abreak");
  EXPECT_EQ(mail["headers"]["Subject"], "[a b] Rescue session 1 with line break");
  EXPECT_THAT(mail["Reply-To"], IsEmpty());
}

TEST_F(MailRecipes, LeaveSessionsThatGoOnAlone) {
  EXPECT_TRUE(Sent("mail.toml", "SessionID=1&Tracking0=1").is_null());
  EXPECT_THAT(server_.mails(), IsEmpty());
}

TEST_F(MailRecipes, AppendToTheTicketOfOsTicket) {
  const json mail = Sent("osticket.toml", kClosed);
  EXPECT_EQ(mail["headers"]["Subject"], "[#204471] Rescue session 4711 is closed");
  EXPECT_EQ(mail["headers"]["Envelope-to"], "support@example.com");
  EXPECT_EQ(WithoutCr(mail["text"]), R"(Technician: Ada Example <ada@example.com>
Customer: Søren <b>
Platform: Windows 11
Worked: 22 min
Was it solved? Yes

Notes:
Removed a rule.
Done.

Chat:
10:00 AM Søren: hello
10:32 AM Ada Example: bye
)");
}

TEST_F(MailRecipes, OpenNoTicketForASessionWithoutOne) {
  for (const char* tracking :
       {"", "&Tracking0=", "&Tracking0=see mail", "&Tracking0=1%0A", "&Tracking0=1]%0D%0ABcc: x"}) {
    EXPECT_TRUE(
        Sent("osticket.toml", std::string("SessionID=1&ClosingTime=2026-03-02 10:32:40") + tracking)
            .is_null())
        << tracking;
  }
}

}  // namespace
}  // namespace relay::test
