// The whole way of a post into a database, as an operator sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/database/test_database.h"
#include "e2e/deployment.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class DatabaseDelivery : public testing::TestWithParam<Kind> {
 protected:
  std::string Config(const std::string& password) const {
    const auto secret = folder_.WriteSecret("password", password);
    return "[delivery]\nrun_in = \"service\"\n[secrets]\ndb = { file = \"" + secret.string() +
           "\" }\n[action.crm]\ntype = \"database\"\n" + database_->keys() +
           "table = \"rescue_session\"\ntimeout = \"2m\"\n";
  }

  void Post(const Service& service, const std::string& body) const {
    FcgiClient client(service.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->status(), 200) << reply->body();
  }

  json OnlyDelivery(const Installation& installation) const {
    const auto rows = installation.List({"queue", "list"});
    EXPECT_THAT(rows, SizeIs(1));
    return rows.empty() ? json() : rows[0];
  }

  const TempDir folder_;
  const std::unique_ptr<TestDatabase> database_ = MakeTestDatabase(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Each, DatabaseDelivery, testing::Values(Kind::PostgreSql, Kind::MariaDb),
                         [](const auto& test) { return NameOf(test.param); });

constexpr const char* kPost =
    "SessionID=7001&TechName=Ada%20M%C3%BCller&Tracking0=CASE-1&ChatLog=10:00%20hi%0A";

TEST_P(DatabaseDelivery, WaitsForAServerThatIsAwayAndArrivesWhenItIsBack) {
  const Installation installation(Config(kPassword));
  const Service service(installation);
  Post(service, kPost);
  database_->KillServer();
  EXPECT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  const json waiting = OnlyDelivery(installation);
  EXPECT_EQ(waiting["state"], "due");
  EXPECT_EQ(waiting["attempts"], 1);
  EXPECT_THAT(waiting["last_error"], HasSubstr("connect"));
  database_->StartServer();
  EXPECT_EQ(installation.Relay({"queue", "retry", waiting["delivery_id"]}).code, 0);
  EXPECT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  EXPECT_EQ(OnlyDelivery(installation)["state"], "done");
  EXPECT_EQ(database_->Run("SELECT tech_name FROM rescue_session WHERE tracking0 = 'CASE-1'"),
            "Ada M\xC3\xBCller");
  EXPECT_EQ(installation.Relay({"post", "replay", "1"}).code, 0);
  EXPECT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  EXPECT_EQ(database_->Run("SELECT count(*) FROM rescue_session_post"), "1");
  EXPECT_EQ(database_->Run("SELECT count(*) FROM rescue_session WHERE store_id <> ''"), "1");
}

TEST_P(DatabaseDelivery, IsPausedWhereThePasswordIsWrongAndNothingDies) {
  const Installation installation(Config("wrong password"));
  const Service service(installation);
  Post(service, kPost);
  const Finished delivered = installation.Relay({"deliver", "--once"});
  const auto actions = installation.List({"action", "list"});
  ASSERT_THAT(actions, SizeIs(1));
  EXPECT_EQ(actions[0]["state"], "paused");
  EXPECT_EQ(OnlyDelivery(installation)["state"], "due");
  EXPECT_THAT(delivered.err + delivered.out + actions[0].dump(), Not(HasSubstr("wrong password")));
  installation.Configure(Config(kPassword));
  EXPECT_EQ(installation.Relay({"action", "resume", "crm"}).code, 0);
  EXPECT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  EXPECT_EQ(OnlyDelivery(installation)["state"], "done");
}

TEST_P(DatabaseDelivery, IsCheckedAndShownWithoutConnecting) {
  const Installation installation(Config(kPassword));
  database_->KillServer();
  const Finished check = installation.Relay({"check"});
  const Finished shown = installation.Relay({"action", "try", "crm"});
  database_->StartServer();
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("INSERT INTO rescue_session ("));
}

}  // namespace
}  // namespace relay::test
