// script.fcgi is killed between the 200 and the delivery: nothing it has promised is lost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::SizeIs;

const std::string kRetrySoon = R"(
timeout = "2s"
retry = { first = "1s", max = "1s", give_up = "1h" }
)";

FcgiReply PostTo(const Service& service, const std::string& body) {
  FcgiClient client(service.socket());
  client.Send(FcgiRequest(FcgiPostParams(body), body));
  return client.ReadReply().value_or(FcgiReply{});
}

std::string KeyOf(const SinkRequest& request) {
  return request.headers.Find("Idempotency-Key").value_or("");
}

// All attempts are one delivery, which ends as done.
void ExpectDeliveredInTheEnd(const Installation& installation,
                             const std::vector<SinkRequest>& requests) {
  ASSERT_GE(requests.size(), 2U);
  EXPECT_NE(KeyOf(requests[0]), "");
  for (const SinkRequest& request : requests) {
    EXPECT_EQ(KeyOf(request), KeyOf(requests[0]));
    EXPECT_EQ(request.target, "/cases/CASE-1/comments");
    EXPECT_EQ(request.body, requests[0].body);
  }
  EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
    const auto queue = installation.List({"queue", "list"});
    return queue.size() == 1 && queue[0]["state"] == "done";
  }));
}

TEST(Crash, WhileTheCrmHangsLosesNothing) {
  std::atomic<bool> hang = true;
  HttpSink sink([&](const SinkRequest&) {
    return Answer{.kind = hang ? Answer::Kind::Hang : Answer::Kind::Reply};
  });
  const Installation installation(CrmAction(sink.port(), kRetrySoon));
  Service service(installation);

  ASSERT_EQ(PostTo(service, "SessionID=1&Tracking0=CASE-1").status(), 200);
  ASSERT_THAT(sink.WaitForRequests(1), SizeIs(1));
  service.KillHard();
  hang = false;
  service.Start();

  // The claim of the dead process must lapse first.
  ExpectDeliveredInTheEnd(installation, sink.WaitForRequests(2, seconds(90)));
}

TEST(Crash, WhileTheCrmRefusesLosesNothing) {
  std::atomic<bool> refuse = true;
  HttpSink sink([&](const SinkRequest&) {
    return Answer{.kind = refuse ? Answer::Kind::Close : Answer::Kind::Reply};
  });
  const Installation installation(CrmAction(sink.port(), kRetrySoon));
  Service service(installation);

  ASSERT_EQ(PostTo(service, "SessionID=1&Tracking0=CASE-1").status(), 200);
  ASSERT_THAT(sink.WaitForRequests(1), SizeIs(1));
  service.KillHard();
  refuse = false;
  const size_t before = sink.requests().size();
  service.Start();

  ExpectDeliveredInTheEnd(installation, sink.WaitForRequests(before + 1, seconds(90)));
}

TEST(Crash, BetweenManyPostsKeepsEveryOneThatWasAnswered) {
  HttpSink sink;
  const Installation installation(CrmAction(sink.port(), kRetrySoon));
  Service service(installation);
  size_t answered = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {
      const std::string id = std::to_string(round * 100 + i + 1);
      if (PostTo(service, "SessionID=" + id + "&Tracking0=T" + id).status() == 200) ++answered;
    }
    service.KillHard();
    service.Start();
  }
  EXPECT_EQ(answered, 60U);
  EXPECT_THAT(installation.List({"post", "list", "--limit", "0"}), SizeIs(answered));
  EXPECT_TRUE(Deadline(seconds(90)).Until([&] {
    return installation.List({"queue", "list", "--state", "done", "--limit", "0"}).size() ==
           answered;
  }));
}

}  // namespace
}  // namespace relay::test
