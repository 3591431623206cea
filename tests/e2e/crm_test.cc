// What becomes of a delivery when the CRM does not simply say yes. Seen as an operator sees it: in
// the listings of rescue-relay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"
#include "support/sockets.h"

namespace relay::test {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

const std::string kOptions = R"(timeout = "1s"
retry = { first = "10s", max = "1h", give_up = "3d" }
)";

Answer Status(int status, Headers headers = {}) {
  return Answer{.status = status, .headers = std::move(headers)};
}

std::time_t Seconds(const std::string& utc) {
  std::tm parts{};
  strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return timegm(&parts);
}

class Crm : public testing::Test {
 protected:
  void PostOne(const Service& service, const std::string& body = "SessionID=1&Tracking0=CASE-1") {
    FcgiClient client(service.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->status(), 200) << reply->body();
  }

  // The only delivery, once `ready` says so.
  json WaitFor(const Installation& installation, const std::function<bool(const json&)>& ready) {
    json found;
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      const auto rows = installation.List({"queue", "list"});
      if (rows.size() == 1) found = rows[0];
      return rows.size() == 1 && ready(rows[0]);
    })) << found.dump();
    return found;
  }

  // What one attempt against this CRM leaves in the queue.
  json AfterOneAttempt(const Answer& answer, const std::string& more = "") {
    HttpSink sink([&](const SinkRequest&) { return answer; });
    return AfterOneAttempt(sink.port(), more);
  }
  json AfterOneAttempt(int port, const std::string& more = "") {
    const Installation installation(CrmAction(port, kOptions + more));
    const Service service(installation);
    PostOne(service);
    WaitFor(installation, [](const json& delivery) {
      return delivery["attempts"] == 1 && delivery["state"] != "claimed";
    });
    actions_ = installation.List({"action", "list"});
    // Once more: a listing reads what is paused first, and this may have come between.
    return installation.List({"queue", "list"}).at(0);
  }

  static std::time_t Wait(const json& row) { return Seconds(row["next_try"]) - std::time(nullptr); }

  std::vector<json> actions_;
};

TEST_F(Crm, DownIsTriedAgainLater) {
  const json row = AfterOneAttempt(FreePort());
  EXPECT_EQ(row["state"], "due");
  EXPECT_THAT(row["last_error"], HasSubstr("connect"));
  EXPECT_GT(Wait(row), 3);
  EXPECT_LT(Wait(row), 14);
}

TEST_F(Crm, TooSlowIsTriedAgainLater) {
  const json row = AfterOneAttempt({.kind = Answer::Kind::Hang});
  EXPECT_EQ(row["state"], "due");
  EXPECT_THAT(row["last_error"], HasSubstr("Timeout"));
}

TEST_F(Crm, ClosingTheConnectionIsTriedAgainLater) {
  const json row = AfterOneAttempt({.kind = Answer::Kind::Close});
  EXPECT_EQ(row["state"], "due");
  EXPECT_FALSE(row["last_error"].get<std::string>().empty());
}

TEST_F(Crm, TemporaryAnswersAreTriedAgainLater) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    const json row = AfterOneAttempt(Status(status));
    EXPECT_EQ(row["state"], "due") << status;
    EXPECT_EQ(row["last_error"], "HTTP " + std::to_string(status));
  }
}

TEST_F(Crm, RetryAfterSetsTheNextTry) {
  const json row = AfterOneAttempt(Status(429, {{"Retry-After", "600"}}));
  EXPECT_EQ(row["state"], "due");
  EXPECT_GT(Wait(row), 560);
  EXPECT_LE(Wait(row), 600);
}

TEST_F(Crm, PermanentAnswersAreDeadAtOnceAndStay) {
  for (const int status : {301, 400, 404, 422}) {
    const json row = AfterOneAttempt(Status(status));
    EXPECT_EQ(row["state"], "dead") << status;
    EXPECT_THAT(row["last_error"], HasSubstr("HTTP " + std::to_string(status)));
    EXPECT_TRUE(row["next_try"].is_null());
  }
}

TEST_F(Crm, RefusedCredentialsPauseTheActionAndNothingDies) {
  for (const int status : {401, 403}) {
    const json row = AfterOneAttempt(Status(status));
    EXPECT_EQ(row["state"], "due") << status;
    EXPECT_THAT(row["waits_for"], HasSubstr("paused"));
    ASSERT_THAT(actions_, SizeIs(1));
    EXPECT_EQ(actions_[0]["state"], "paused");
    EXPECT_THAT(actions_[0]["reason"], HasSubstr(std::to_string(status)));
  }
}

TEST_F(Crm, AResumedActionDeliversWhatWaited) {
  std::atomic<int> status = 401;
  HttpSink sink([&](const SinkRequest&) { return Status(status); });
  const Installation installation(CrmAction(sink.port(), kOptions));
  const Service service(installation);
  PostOne(service);
  WaitFor(installation, [](const json& row) { return !row["waits_for"].is_null(); });
  status = 200;
  EXPECT_EQ(installation.Relay({"action", "resume", "crm"}).code, 0);
  WaitFor(installation, [](const json& row) { return row["state"] == "done"; });
}

TEST_F(Crm, ADeadDeliveryCanBeRetriedByHand) {
  std::atomic<int> status = 404;
  HttpSink sink([&](const SinkRequest&) { return Status(status); });
  const Installation installation(CrmAction(sink.port(), kOptions));
  const Service service(installation);
  PostOne(service);
  const json dead = WaitFor(installation, [](const json& row) { return row["state"] == "dead"; });
  status = 200;
  EXPECT_EQ(installation.Relay({"queue", "retry", dead["delivery_id"]}).code, 0);
  WaitFor(installation, [](const json& row) { return row["state"] == "done"; });
  const auto requests = sink.requests();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_EQ(requests[0].headers.Find("Idempotency-Key"),
            requests[1].headers.Find("Idempotency-Key"));
}

TEST_F(Crm, NoIdsOnStandardInputSelectNothing) {
  HttpSink sink([&](const SinkRequest&) { return Status(404); });
  const Installation installation(CrmAction(sink.port(), kOptions));
  const Service service(installation);
  PostOne(service);
  WaitFor(installation, [](const json& row) { return row["state"] == "dead"; });
  EXPECT_NE(installation.Relay({"queue", "drop", "--state", "dead", "--yes", "-"}).code, 0);
  EXPECT_EQ(installation.Relay({"queue", "show", "-"}).out, "");
  EXPECT_THAT(installation.List({"queue", "list"}), SizeIs(1));
}

TEST_F(Crm, TheSuccessExpressionDecides) {
  Answer refuses = Status(202);
  refuses.body = R"({"data":[{"code":"INVALID_DATA"}]})";
  const std::string success = "success = '.body.data[0].code == \"SUCCESS\"'\n";
  EXPECT_EQ(AfterOneAttempt(refuses, success)["state"], "dead");
  refuses.body = R"({"data":[{"code":"SUCCESS"}]})";
  EXPECT_EQ(AfterOneAttempt(refuses, success)["state"], "done");
  EXPECT_EQ(AfterOneAttempt(Status(409), "success = '.status == 409'\n")["state"], "done");
}

TEST_F(Crm, AValueThatCannotStandInTheUrlMakesTheDeliveryDead) {
  HttpSink sink;
  const Installation installation(CrmAction(sink.port(), kOptions));
  const Service service(installation);
  PostOne(service, "SessionID=1&Tracking0=..");
  const json row = WaitFor(installation, [](const json& r) { return r["state"] == "dead"; });
  EXPECT_THAT(row["last_error"], HasSubstr("url"));
  EXPECT_THAT(sink.requests(), SizeIs(0));
}

TEST_F(Crm, AServiceDeliversWhereTheConfigurationSaysSo) {
  HttpSink sink;
  const Installation installation("[delivery]\nrun_in = \"service\"\n" +
                                  CrmAction(sink.port(), kOptions));
  const Service service(installation);
  PostOne(service);
  EXPECT_EQ(WaitFor(installation, [](const json&) { return true; })["state"], "due");
  EXPECT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  EXPECT_EQ(WaitFor(installation, [](const json&) { return true; })["state"], "done");
}

}  // namespace
}  // namespace relay::test
