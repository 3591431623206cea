// The recipes for the ticket systems that Debian has, against these themselves. What arrived is
// read from their databases.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "e2e/deployment.h"
#include "e2e/operator.h"
#include "support/fcgi_client.h"
#include "support/ticket_system.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

// Percent-encoded, all of it.
std::string Encoded(const std::string& text) {
  std::string encoded;
  for (const unsigned char c : text) encoded += fmt::format("%{:02X}", c);
  return encoded;
}

std::string Replaced(std::string text, const std::string& old, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += by.size()) {
    text.replace(at, old.size(), by);
  }
  return text;
}

// What a person said, with all that programs stumble over but U+0000.
const std::string kNotes =
    "Bob's \"fix\": '); DROP TABLE issues; --\r\n=cmd|' /C calc'!A0 </script> 😀 谢谢";

const std::string kLongLine(200'000, 'x');

// Line breaks may have become others on the way.
bool Holds(const std::string& stored, const std::string& text) {
  return Replaced(stored, "\r", "").find(Replaced(text, "\r", "")) != std::string::npos;
}

// RFC 2045, 6.7.
std::string FromQuotedPrintable(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      plain += text[i];
    } else if (text[i + 1] == '\n') {
      ++i;
    } else {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return plain;
}

// A recipe as an operator has it: only the host and the secret's file are replaced.
class TicketSystems : public testing::Test {
 protected:
  void Install(const std::string& recipe, const std::string& host, const std::string& url,
               const std::string& token) {
    std::string text =
        ReadFile(std::string(RELAY_SOURCE_DIR) + "/deploy/recipes/" + recipe + ".toml");
    text = Replaced(text, "https://" + host, url);
    installation_.emplace("[delivery]\nrun_in = \"service\"\n");
    const auto secret = installation_->dir() / "secret";
    text = Replaced(text, "/etc/rescue-relay/secrets/" + recipe, secret.string());
    SetToken(token);
    installation_->Configure("[delivery]\nrun_in = \"service\"\n" + text);
    const Finished check = installation_->Relay({"check"});
    ASSERT_EQ(check.code, kDone) << check.err;
    service_.emplace(*installation_);
  }

  void SetToken(const std::string& token) const {
    WriteSecret(installation_->dir() / "secret", token + "\n");
  }

  // A session that closes; returns its delivery once that has been tried.
  json Close(const std::string& session, const std::string& tracking,
             const std::string& chat = "10:00 AM Bob: hello") {
    const std::string body =
        "SessionID=" + session + "&Tracking0=" + Encoded(tracking) +
        "&TechName=Bob&Platform=Windows+11&WorkTime=300&CField0=" + Encoded("Søren") +
        "&Notes=" + Encoded(kNotes) +
        "&ClosingTime=2026-03-02+10%3A32%3A40&ChatLog=" + Encoded(chat);
    FcgiClient client(service_->socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    EXPECT_TRUE(reply && reply->status() == 200);
    installation_->Relay({"deliver", "--once"});
    return Newest();
  }

  json Newest() const {
    const auto rows = installation_->List({"queue", "list"});
    return rows.empty() ? json() : rows.front();
  }

  // As where the answer to the write was lost: a second attempt at the same delivery.
  json Repeat(const json& delivery) const {
    SqliteFile(installation_->store())
        .Run("UPDATE delivery SET state = 'due', next_at = 0 WHERE id = " +
             delivery["delivery_id"].get<std::string>());
    installation_->Relay({"deliver", "--once"});
    return Newest();
  }

  // What RT makes of requests that the recipe does not send: its 500 and its 200 that mean no.
  void ExpectItsWaysOfSayingNoAreUnderstood(const TicketSystem& rt) {
    const std::string head =
        "[secrets]\nt = { file = \"secret\" }\n[action.a]\ntype = \"http\"\n"
        "headers = { Authorization = \"token {{ $secret.t }}\", Content-Type = "
        "\"application/json\" }\n";
    const auto outcome = [&](const std::string& keys) {
      installation_->Configure(head + keys);
      const Finished done = installation_->Relay({"action", "try", "a", "--send"});
      return done.err;
    };
    // RT itself would answer 500, as to something that may pass.
    EXPECT_THAT(outcome("url = \"" + rt.Url("/REST/2.0/ticket/" + rt["TICKET"] + "/comment") +
                        "\"\ntext = '{\"Content\":'\n"),
                HasSubstr("the body is not the JSON that Content-Type says"));
    const std::string put = "method = \"PUT\"\nurl = \"" +
                            rt.Url("/REST/2.0/ticket/" + rt["TICKET"]) +
                            "\"\njson = { Status = \"bogus\" }\n";
    EXPECT_THAT(outcome(put), HasSubstr("done")) << "by its status it is a success";
    EXPECT_THAT(outcome(put + "success = '.status == 200 and (.body | all(test(\"changed\")))'\n"),
                HasSubstr("would be dead: HTTP 200, but `success` says no"));
  }

  std::optional<Installation> installation_;
  std::optional<Service> service_;
};

TEST_F(TicketSystems, RequestTrackerGetsOnePrivateCommentAndIsUnderstoodWhereItSaysNo) {
  const TicketSystem rt("request_tracker");
  Install("request-tracker", "rt.example.com", rt.Url(""), rt["TOKEN"]);
  const auto comments = [&] {
    return rt.Sql(
        "SELECT count(*) FROM Transactions t WHERE t.ObjectType = 'RT::Ticket' AND t.Type = "
        "'Comment'");
  };
  const json first = Close("77", rt["TICKET"], "10:00 AM Bob: hello\n" + kLongLine);
  EXPECT_EQ(first["state"], "done") << first.dump();
  EXPECT_EQ(comments(), "1\n");
  const std::string stored = FromQuotedPrintable(
      rt.Sql("SELECT a.Content FROM Attachments a JOIN Transactions t ON t.id = a.TransactionId"
             " WHERE t.Type = 'Comment' AND a.ContentType = 'text/plain'"));
  EXPECT_TRUE(Holds(stored, "Remote session 77"));
  EXPECT_TRUE(Holds(stored, "Name: Søren"));
  EXPECT_TRUE(Holds(stored, "Notes: " + kNotes));
  EXPECT_TRUE(Holds(stored, kLongLine));
  EXPECT_EQ(rt.Sql("SELECT TimeTaken FROM Transactions WHERE Type = 'Comment'"), "5\n");

  EXPECT_EQ(Repeat(first)["state"], "done");
  EXPECT_EQ(comments(), "1\n") << "a repeat was written again";

  const json missing = Close("78", "4711");
  EXPECT_EQ(missing["state"], "dead");
  EXPECT_EQ(missing["last_error"], "step 1: HTTP 404, not found");

  SetToken("1-27-00000000000000000000000000000000");
  const json refused = Close("79", rt["TICKET"]);
  EXPECT_EQ(refused["state"], "due");
  EXPECT_THAT(refused["waits_for"], HasSubstr("paused"));
  SetToken(rt["TOKEN"]);
  installation_->Relay({"action", "resume", "request_tracker"});
  installation_->Relay({"deliver", "--once"});
  EXPECT_EQ(Newest()["state"], "done");
  EXPECT_EQ(comments(), "2\n");
  ExpectItsWaysOfSayingNoAreUnderstood(rt);
}

TEST_F(TicketSystems, RedmineGetsOnePrivateNoteWithAllOfIt) {
  ASSERT_EQ(geteuid(), 0u) << "Debian's Redmine can only be set up by root";
  const TicketSystem redmine("redmine");
  Install("redmine", "redmine.example.com", redmine.Url(""), redmine["TOKEN"]);
  const auto notes = [&] {
    return redmine.Sql("SELECT count(*) FROM journals WHERE notes LIKE 'Remote session%'");
  };
  const json first = Close("77", redmine["TICKET"], "10:00 AM Bob: hello\n" + kLongLine);
  EXPECT_EQ(first["state"], "done") << first.dump();
  EXPECT_EQ(notes(), "1\n");
  const std::string stored = redmine.Sql("SELECT notes FROM journals");
  EXPECT_TRUE(Holds(stored, "Name: Søren"));
  EXPECT_TRUE(Holds(stored, "Notes: " + kNotes));
  EXPECT_TRUE(Holds(stored, kLongLine));
  EXPECT_EQ(redmine.Sql("SELECT private_notes FROM journals"), "1\n");

  EXPECT_EQ(Repeat(first)["state"], "done");
  EXPECT_EQ(notes(), "1\n") << "a repeat was written again";

  const json missing = Close("78", "4711");
  EXPECT_EQ(missing["state"], "dead");
  EXPECT_EQ(missing["last_error"], "step 1: HTTP 404, not found");

  SetToken("wrong");
  EXPECT_THAT(Close("79", redmine["TICKET"])["waits_for"], HasSubstr("paused"));
  SetToken(redmine["TOKEN"]);
  installation_->Relay({"action", "resume", "redmine"});
  installation_->Relay({"deliver", "--once"});
  EXPECT_EQ(Newest()["state"], "done");
  EXPECT_EQ(notes(), "2\n");

  // Sent as a form, JSON is answered with 204 and lost. Ours says what it is, always.
  installation_->Configure(
      "[secrets]\nt = { file = \"secret\" }\n[action.a]\ntype = \"http\"\n"
      "method = \"PUT\"\nurl = \"" +
      redmine.Url("/issues/" + redmine["TICKET"] + ".json") +
      "\"\nheaders = { X-Redmine-API-Key = \"{{ $secret.t }}\" }\n"
      "json = { issue = { notes = \"Remote session, plain\" } }\n");
  EXPECT_THAT(installation_->Relay({"action", "try", "a", "--send"}).err, HasSubstr("done"));
  EXPECT_EQ(notes(), "3\n");
}

}  // namespace
}  // namespace relay::test
