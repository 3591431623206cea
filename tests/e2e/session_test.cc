// Sessions as operators see them and keep them in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"
#include "support/sqlite_file.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Sessions : public testing::Test {
 protected:
  void Post(const std::string& body) const {
    FcgiClient client(service_.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    ASSERT_TRUE(reply && reply->status() == 200);
  }
  Finished Relay(const std::vector<std::string>& arguments) const {
    return installation_.Relay(arguments);
  }
  std::vector<std::string> List(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"session", "list"});
    std::vector<std::string> ids;
    for (const json& row : installation_.List(arguments)) ids.push_back(row["session_id"]);
    return ids;
  }
  void Run(const std::string& sql) const { SqliteFile(installation_.store()).Run(sql); }

  HttpSink sink_;
  const Installation installation_{
      "[session]\ngive_up = \"14d\"\n"
      "system_lines = [\"Eingehende Sitzung von:\"]\n"
      "[labels]\nCField1 = \"Customer number\"\n"
      "[action.crm]\ntype = \"http\"\nurl = \"" +
      sink_.Url("/{{ .event }}") + "\"\njson = { chat = \"{{ .chat }}\" }\n"};
  const Service service_{installation_};
};

TEST_F(Sessions, ThatAreOpenForLongAreFoundAndLapse) {
  Post("SessionID=old&CField1=42");
  Post("SessionID=new");
  Post("SessionID=ended&ClosingTime=2026-01-01+10:00");
  EXPECT_THAT(List({"--open"}), ElementsAre("new", "old"));
  EXPECT_THAT(List({"--open", "--older-than", "12h"}), IsEmpty());
  Run("UPDATE session SET last_post_at = last_post_at - 15 * 86400000 WHERE session_id = 'old'");
  EXPECT_THAT(List({"--open", "--older-than", "12h"}), ElementsAre("old"));

  EXPECT_EQ(Relay({"deliver", "--once"}).code, 0);
  EXPECT_THAT(List({"--open"}), ElementsAre("new"));
  std::vector<std::string> targets;
  for (const auto& request : sink_.WaitForRequests(4)) targets.push_back(request.target);
  EXPECT_THAT(targets, testing::UnorderedElementsAre("/started", "/started", "/closed", "/lapsed"));
  const auto wrong = Relay({"session", "list", "--older-than", "long"});
  EXPECT_EQ(wrong.code, 64);
  EXPECT_THAT(wrong.err, HasSubstr("--older-than"));
}

TEST_F(Sessions, AreShownWithTheLabelsOfTheirFields) {
  Post(
      "SessionID=7&Tracking0=CASE-9&CField1=42&TechName=Ada&TSurvey0=yes%1B[31m"
      "&ChatLog=9:00+AM+Eingehende+Sitzung+von:+Bob%0D%0A9:01+AM+Ada:+hello");
  const std::string view = Relay({"session", "show", "7"}).out;

  EXPECT_THAT(view, AllOf(HasSubstr("session 7, open, case CASE-9, with Ada\n"),
                          HasSubstr("Customer number (CField1)  42\n"), HasSubstr("yes?[31m\n"),
                          HasSubstr("9:00 AM  * Eingehende Sitzung von: Bob\n"),
                          HasSubstr("9:01 AM    Ada: hello\n"), Not(HasSubstr("\x1B"))));
  const auto shown = json::parse(Relay({"session", "show", "7", "--json"}).out);
  EXPECT_EQ(shown["chat"][0]["system"], true);
  EXPECT_EQ(shown["chat"][1]["system"], false);
}

TEST_F(Sessions, AreShownEvenWhereTheirNewestPostIsDamaged) {
  Post("SessionID=7&Tracking0=CASE-9&ChatLog=9:00+AM+Ada:+hello");
  Run("UPDATE post SET body = CAST('?' AS BLOB)");
  const Finished shown = Relay({"session", "show", "7"});
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.out, AllOf(HasSubstr("case CASE-9"), HasSubstr("Ada: hello")));
  EXPECT_THAT(shown.err, HasSubstr("post 1 is damaged"));
}

TEST_F(Sessions, AreRebuiltByTodaysConfiguration) {
  Post("SessionID=7&ChatLog=9:00+AM+hello");
  Post("SessionID=8&ChatLog=9:00+AM+hello");
  for (const json& row : installation_.List({"session", "rebuild", "ALL", "--dry-run"})) {
    EXPECT_EQ(row["changed"], 0);
    EXPECT_EQ(row["session_changed"], false);
  }
  // A frame of LZ4 that holds "lost" and a line break.
  Run("UPDATE post SET event = 'closed', adds = x'04224d186c4005000000000000002c050000806c6f73740a00000000a2f9402c'"
      " WHERE session_id = '7'");
  EXPECT_EQ(Relay({"session", "rebuild", "ALL"}).code, 64) << "that wants a --yes";
  const auto rows = installation_.List({"session", "rebuild", "ALL", "--yes"});
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[1]["session_id"], "7");
  EXPECT_EQ(rows[1]["changed"], 1);
  const auto shown = json::parse(Relay({"session", "show", "7", "--json"}).out);
  EXPECT_EQ(shown["transcript"], "9:00 AM hello");
  EXPECT_EQ(shown["posts"][0]["event"], "started");
  EXPECT_EQ(Relay({"session", "rebuild", "none"}).code, 1);
}

}  // namespace
}  // namespace relay::test
