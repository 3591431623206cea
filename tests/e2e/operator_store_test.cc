// What is kept, in the hands of an operator: sessions, quarantine, what is too old.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/operator.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(Operator, ShowsASessionWithAllThatBelongsToIt) {
  ASSERT_EQ(Post("SessionID=7&Tracking0=CASE-1&TechName=Ada&ChatLog=9%3A00+AM+Ada%3A+Hello"), 200);
  ASSERT_EQ(Post("SessionID=7&Tracking0=CASE-1&TechName=Bob&ChatLog=9%3A05+AM+Bob%3A+Bye"
                 "&ClosingTime=2026-03-02+10%3A32%3A40"),
            200);
  crm_says_ = 404;
  Relay({"deliver", "--once"});
  const auto rows = installation_.List({"session", "show", "7"});

  ASSERT_THAT(rows, SizeIs(1));
  const json& session = rows[0];
  EXPECT_EQ(session["session_id"], "7");
  EXPECT_EQ(session["tracking0"], "CASE-1");
  EXPECT_EQ(session["transcript"], "9:00 AM Ada: Hello\n9:05 AM Bob: Bye");
  ASSERT_THAT(session["chat"], SizeIs(2));
  EXPECT_EQ(session["chat"][0]["time"], "9:00 AM");
  EXPECT_EQ(session["technicians"], json({"Ada", "Bob"}));
  EXPECT_EQ(session["closed"], true);
  ASSERT_THAT(session["posts"], SizeIs(2));
  EXPECT_EQ(session["posts"][0]["post_id"], "1");
  EXPECT_EQ(session["posts"][0]["event"], "started");
  EXPECT_TRUE(session["posts"][0]["received_at"].is_string());
  EXPECT_EQ(session["posts"][1]["event"], "closed");
  ASSERT_THAT(session["deliveries"], SizeIs(2));
  const json& delivery = session["deliveries"][0];
  EXPECT_EQ(delivery["delivery_id"], "1");
  EXPECT_EQ(delivery["action"], "crm");
  EXPECT_EQ(delivery["state"], "dead");
  EXPECT_EQ(delivery["attempts"], 1);
  EXPECT_THAT(delivery["last_error"], HasSubstr("404"));
}

TEST_F(Operator, ListsSessionsByTheirNewestPost) {
  PostSessions(3);
  ASSERT_EQ(Post("SessionID=1&Tracking0=CASE-9"), 200);
  const auto rows = installation_.List({"session", "list", "--limit", "2"});

  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0]["session_id"], "1");
  EXPECT_EQ(rows[0]["tracking0"], "CASE-9");
  EXPECT_EQ(rows[0]["posts"], 2);
  EXPECT_EQ(rows[0]["undelivered"], 2);
  EXPECT_EQ(rows[0]["dead"], 0);
  EXPECT_EQ(rows[1]["session_id"], "3");
  EXPECT_EQ(Relay({"session", "show", "99"}).code, kFailed);
}

TEST_F(Operator, AStoreOfANewerProgramIsNeverReceivedInto) {
  ASSERT_EQ(Post("SessionID=1&Tracking0=A"), 200);
  service_.Stop();
  Store().Run("PRAGMA user_version = 99");
  service_.Start();
  const auto status = service_.process().Wait(std::chrono::seconds(20));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, kFailed);
  EXPECT_THAT(service_.log(), HasSubstr("newer rescue-relay"));
}

TEST_F(Operator, WhatCanBeReadAfterAnUpgradeBecomesAPost) {
  ASSERT_EQ(Post("<broken"), 400);
  ASSERT_EQ(Post("TechName=Ada"), 422);
  const Finished stays = Relay({"quarantine", "retry", "1", "2", "--json"});
  EXPECT_EQ(stays.code, kFailed);
  EXPECT_THAT(stays.out, HasSubstr("XML"));
  EXPECT_THAT(stays.out, HasSubstr("no SessionID"));
  const auto listed = installation_.List({"quarantine", "list"});
  ASSERT_THAT(listed, SizeIs(2));

  // What a better decoder would be able to do, done to the bytes.
  Store().Run("UPDATE quarantine SET body = CAST('SessionID=7&Tracking0=C' AS BLOB) WHERE id = 1");
  const Finished retried = Relay({"quarantine", "retry", "1", "--json"});
  EXPECT_EQ(retried.code, kDone) << retried.err;
  const json row = json::parse(retried.out);
  EXPECT_EQ(row["post_id"], "1");
  EXPECT_EQ(row["deliveries"], 1);
  EXPECT_THAT(installation_.List({"quarantine", "list"}), SizeIs(1));
  const auto posts = installation_.List({"post", "list"});
  ASSERT_THAT(posts, SizeIs(1));
  EXPECT_EQ(posts[0]["received_at"], listed[1]["received_at"]);
  Relay({"deliver", "--once"});
  EXPECT_THAT(sink_.requests(), SizeIs(1));
}

TEST_F(Operator, DropsFromQuarantineByIdsOrAllWithAYes) {
  ASSERT_EQ(Post("<one"), 400);
  ASSERT_EQ(Post("<two"), 400);
  ASSERT_EQ(Post("<three"), 400);
  EXPECT_EQ(Relay({"quarantine", "drop"}).code, kUsage);
  EXPECT_EQ(Relay({"quarantine", "drop", "1"}).code, kDone);
  EXPECT_EQ(Relay({"quarantine", "drop", "1"}).code, kFailed);
  const Finished asked = Relay({"quarantine", "drop", "ALL"});
  EXPECT_EQ(asked.code, kUsage);
  EXPECT_THAT(asked.err, HasSubstr("2 quarantined posts"));
  EXPECT_THAT(installation_.List({"quarantine", "list"}), SizeIs(2));
  EXPECT_EQ(Relay({"quarantine", "drop", "ALL", "--yes"}).code, kDone);
  EXPECT_THAT(installation_.List({"quarantine", "list"}), IsEmpty());
}

TEST_F(Operator, PrunesWhatIsOldAndDone) {
  PostSessions(3);
  ASSERT_EQ(Post("<broken"), 400);
  Relay({"queue", "hold", "1"});
  Relay({"deliver", "--once"});
  EXPECT_EQ(json::parse(Relay({"prune", "--json"}).out)["sessions"], 0) << "it is not old";

  Store().Run(
      "UPDATE session SET last_post_at = last_post_at - 91 * 86400000;"
      "UPDATE quarantine SET received_at = received_at - 91 * 86400000");
  const json would = json::parse(Relay({"prune", "--dry-run", "--json"}).out);
  EXPECT_EQ(would["sessions"], 2);
  EXPECT_THAT(installation_.List({"session", "list"}), SizeIs(3)) << "a dry run removed something";
  const json did = json::parse(Relay({"prune", "--json"}).out);
  EXPECT_EQ(did["sessions"], 2);
  EXPECT_EQ(did["posts"], 2);
  EXPECT_EQ(did["quarantined"], 1);
  const auto left = installation_.List({"session", "list"});
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0]["session_id"], "1");
}

TEST_F(Operator, HowLongIsOldStandsInTheConfiguration) {
  PostSessions(1);
  Relay({"deliver", "--once"});
  std::string text = ReadFile(installation_.config());
  text.replace(text.find("min_free"), 0, "keep_done = \"1ms\"\n");
  TempDir dir;
  const std::string file = dir.Write("impatient.toml", text);
  EXPECT_EQ(json::parse(Relay({"prune", "--json", "-c", file}).out)["sessions"], 1);
}

}  // namespace
}  // namespace relay::test
