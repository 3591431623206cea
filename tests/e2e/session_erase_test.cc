// session erase, while the receiver runs.
#include <gmock/gmock.h>

#include "e2e/operator.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_F(Operator, ErasesASessionWithAllThatIsKeptOfIt) {
  ASSERT_EQ(Post("SessionID=4711&Tracking0=CASE-1&ChatLog=9:00+AM+MARKER"), 200);
  ASSERT_EQ(Post("SessionID=4711&Tracking0=CASE-1&ChatLog=9:01+AM+MARKER&ClosingTime=x"), 200);
  ASSERT_EQ(Post("SessionID=47110&Tracking0=CASE-2"), 200);
  ASSERT_EQ(Post("<session><sessionid>4711</sessionid><chatlog>MARKER"), 400);
  ASSERT_EQ(Post("<session><sessionid>47110</sessionid>"), 400);
  const Finished erased = Relay({"session", "erase", "4711", "--json"});
  ASSERT_EQ(erased.code, kDone) << erased.err;
  const json row = json::parse(erased.out);
  EXPECT_EQ(row["posts"], 2);
  EXPECT_EQ(row["deliveries"], 2);
  EXPECT_EQ(row["quarantined"], 0);
  EXPECT_THAT(erased.err, HasSubstr("quarantined 1 may be of this session, too"));
  EXPECT_THAT(erased.err, Not(HasSubstr("quarantined 2")));
  EXPECT_THAT(installation_.List({"post", "list"}), SizeIs(1));
  EXPECT_THAT(installation_.List({"queue", "list"}), SizeIs(1));
  EXPECT_THAT(Relay({"session", "show", "4711"}).err, HasSubstr("the session was erased on "));
  EXPECT_EQ(Relay({"quarantine", "drop", "1"}).code, kDone);
  EXPECT_EQ(Relay({"doctor"}).code, kDone) << Relay({"doctor"}).out;
}

TEST_F(Operator, ErasesWhatIsInQuarantineAndCanBeReadByNow) {
  ASSERT_EQ(Post("SessionID=4711"), 200);
  const std::string store = installation_.store().string();
  SqliteFile(store).Run(
      "INSERT INTO quarantine (digest, received_at, endpoint, content_type, query, remote_addr,"
      " reason, headers, body) VALUES (x'00', 0, '', '', '', '', 'old program', '',"
      " CAST('SessionID=+4711&ChatLog=MARKER' AS BLOB))");
  const Finished erased = Relay({"session", "erase", "4711", "--json"});
  ASSERT_EQ(erased.code, kDone) << erased.err;
  EXPECT_EQ(json::parse(erased.out)["quarantined"], 1);
  EXPECT_THAT(installation_.List({"quarantine", "list"}), IsEmpty());
}

TEST_F(Operator, SaysWhatCannotBeErased) {
  PostSessions(1);
  const Finished failed = Relay({"session", "erase", "1", "2"});
  EXPECT_EQ(failed.code, kFailed);
  EXPECT_THAT(failed.err, HasSubstr("session 2: there is no such session"));
  EXPECT_THAT(installation_.List({"post", "list"}), IsEmpty()) << "the others are erased";
}

}  // namespace
}  // namespace relay::test
