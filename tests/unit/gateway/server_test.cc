// The loop, spoken to over its socket: large and slow requests, and what they may cost.
#include "gateway/server.h"

#include <gtest/gtest.h>

#include <map>
#include <semaphore>
#include <thread>

#include "unit/gateway/running_server.h"

namespace relay::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using Clients = std::vector<std::unique_ptr<FcgiClient>>;

// `count` peers that have sent so much of that request and then stall.
Clients Stalled(const RunningServer& server, int count, std::string_view request) {
  Clients clients;
  for (int i = 0; i < count; ++i) {
    clients.push_back(server.Connect());
    clients.back()->Send(request);
  }
  return clients;
}

bool IsClosed(const FcgiClient& client) {
  return BecomesTrue([&] { return !client.Send("x"); });
}

TEST(Server, ALargeBodyArrivesAsItWasSent) {
  RunningServer server({});
  const auto client = server.Connect();
  for (const std::size_t size : {130 * kKiB, 1 * kMiB, 10 * kMiB, 16 * kMiB}) {
    const std::string body = BodyOf(size);
    client->Send(RequestOf(body, KeepConnection::Yes));
    const auto reply = client->ReadReply();
    ASSERT_TRUE(reply) << size;
    EXPECT_EQ(reply->status(), 200);
    EXPECT_EQ(reply->body(), Received(body) + "\n");
  }
  EXPECT_EQ(RunningServer::Absorbed(), 0u);
}

TEST(Server, AnswersWhereOthersHaveMadeTheSocketBlock) {
  RunningServer server({});
  server.MakeListenerBlocking();
  for (int i = 0; i < 3; ++i) {
    const auto client = server.Connect();
    client->Send(RequestOf(BodyOf(4 * kKiB)));
    ASSERT_EQ(StatusOf(*client), 200) << i;
  }
}

TEST(Server, SmallPostsAreNotAbsorbed) {
  RunningServer server({});
  const auto client = server.Connect();
  for (int i = 0; i < 100; ++i) {
    client->Send(RequestOf(BodyOf(4 * kKiB), KeepConnection::Yes));
    ASSERT_EQ(StatusOf(*client), 200);
  }
  EXPECT_EQ(server.most_absorbed(), 0u);
}

TEST(Server, LargePostsAreAnsweredAtOnceWhileAnyNumberOfPeersStalls) {
  RunningServer server({});
  const std::string large = RequestOf(BodyOf(1 * kMiB));
  FcgiParams many = FcgiPostParams("");
  many.emplace_back("HTTP_X", std::string(40 * kKiB, 'x'));
  const std::string params = FcgiBegin() + FcgiRecord(FcgiType::Params, FcgiEncoded(many));
  const Clients in_body = Stalled(server, 256, large.substr(0, 60 * kKiB));
  const Clients in_params = Stalled(server, 256, params.substr(0, 35 * kKiB));
  const auto client = server.Connect();
  client->Send(RequestOf(BodyOf(10 * kMiB)));
  EXPECT_EQ(StatusOf(*client), 200);
}

TEST(Server, ARequestThatIsSlowIsAnsweredWhenItIsWhole) {
  RunningServer server({});
  const std::string request = RequestOf(BodyOf(100 * kKiB), KeepConnection::Yes);
  const auto client = server.Connect();
  for (int i = 0; i < 3; ++i) {
    client->Send(request.substr(0, 50 * kKiB));
    ASSERT_TRUE(BecomesTrue([] { return RunningServer::Absorbed() > 0; }));
    for (std::size_t at = 50 * kKiB; at < 51 * kKiB; ++at) client->Send(request.substr(at, 1));
    client->Send(request.substr(51 * kKiB, request.size() - 51 * kKiB - 8));
    // The mark of its end comes late.
    client->Send(request.substr(request.size() - 8));
    EXPECT_EQ(StatusOf(*client), 200) << i;
  }
}

TEST(Server, WhatFollowsALargeRequestIsTheNextOne) {
  RunningServer server({});
  const std::string large = RequestOf(BodyOf(300 * kKiB), KeepConnection::Yes);
  const auto client = server.Connect();
  std::thread sender([&] { client->Send(large + large + RequestOf(BodyOf(20))); });
  EXPECT_EQ(StatusOf(*client), 200);
  EXPECT_EQ(StatusOf(*client), 200);
  EXPECT_EQ(StatusOf(*client), 200);
  sender.join();
}

TEST(Server, ALargeRequestThatIsAbortedIsRefused) {
  RunningServer server({});
  const std::string request = RequestOf(BodyOf(65'535 * 2));
  const std::string two_records = request.substr(0, request.size() - 8);
  const auto client = server.Connect();
  client->Send(two_records + FcgiRecord(FcgiType::Abort, ""));
  EXPECT_EQ(StatusOf(*client), 400);
}

TEST(Server, ALargeRequestWhoseSenderEndsEarlyIsRefused) {
  RunningServer server({});
  const auto client = server.Connect();
  client->Send(RequestOf(BodyOf(200 * kKiB)).substr(0, 100 * kKiB));
  client->CloseSending();
  EXPECT_EQ(StatusOf(*client), 400);
}

TEST(Server, APeerThatLeavesBeforeItsReplyDisturbsNobody) {
  RunningServer server({});
  const std::string request = RequestOf(BodyOf(1 * kMiB), KeepConnection::Yes);
  for (int i = 0; i < 20; ++i) server.Connect()->Send(request);
  const auto client = server.Connect();
  client->Send(request);
  EXPECT_EQ(StatusOf(*client), 200);
}

TEST(Server, ABodyOverTheMaximumIsTakenButNotKeptAndTheConnectionGoesOn) {
  RunningServer server({.max_body = 64 * kKiB});
  const auto client = server.Connect();
  client->Send(RequestOf(BodyOf(500 * kKiB), KeepConnection::Yes));
  EXPECT_EQ(StatusOf(*client), 413);
  client->Send(RequestOf(BodyOf(60 * kKiB), KeepConnection::Yes));
  EXPECT_EQ(StatusOf(*client), 200);
  EXPECT_LE(server.most_absorbed(), 200 * kKiB);
}

TEST(Server, ABodyManyTimesOverTheMaximumIsRefusedBeforeItsEnd) {
  RunningServer server({.max_body = 64 * kKiB});
  const auto client = server.Connect();
  // More than eight times, and its end never comes.
  client->Send(RequestOf(BodyOf(600 * kKiB), KeepConnection::Yes).substr(0, 550 * kKiB));
  EXPECT_EQ(StatusOf(*client), 413);
  EXPECT_TRUE(client->ReadsEnd(seconds(10)));
}

TEST(Server, RecordsThatAreMostlyPaddingAreNotKept) {
  RunningServer server({.max_body = 64 * kKiB});
  std::string record = FcgiRecord(FcgiType::Stdin, "x");
  record[6] = static_cast<char>(255);
  record += std::string(255, '\0');
  std::string request = FcgiBegin() +
                        FcgiRecord(FcgiType::Params, FcgiEncoded(FcgiPostParams(BodyOf(50'000)))) +
                        FcgiRecord(FcgiType::Params, "");
  for (int i = 0; i < 50'000; ++i) request += record;
  const auto client = server.Connect();
  client->Send(request + FcgiRecord(FcgiType::Stdin, ""));
  EXPECT_EQ(StatusOf(*client), 413);
  EXPECT_LE(server.most_absorbed(), 3 * kMiB);
}

TEST(Server, ParametersWithoutEndAreNotTaken) {
  RunningServer server({});
  FcgiParams params = FcgiPostParams("");
  params.emplace_back("HTTP_X", std::string(60'000, 'x'));
  std::string request = FcgiBegin();
  for (int i = 0; i < 20; ++i) request += FcgiRecord(FcgiType::Params, FcgiEncoded(params));
  const auto client = server.Connect();
  client->Send(request);
  EXPECT_TRUE(IsClosed(*client));
}

TEST(Server, AParameterThatAnnouncesMoreThanLibfcgiCanTakeIsNotShownToIt) {
  RunningServer server({});
  const std::string lengths = "\xff\xff\xff\xfe\xff\xff\xff\xfe";
  const auto attacker = server.Connect();
  attacker->Send(FcgiBegin() + FcgiRecord(FcgiType::Params, lengths + "x") +
                 FcgiRecord(FcgiType::Params, "") + FcgiRecord(FcgiType::Stdin, ""));
  EXPECT_TRUE(IsClosed(*attacker));
  const auto client = server.Connect();
  client->Send(RequestOf(BodyOf(20)));
  EXPECT_EQ(StatusOf(*client), 200);
}

TEST(Server, APeerThatIsSilentIsGivenUp) {
  RunningServer server({.limits = {.silence = milliseconds(50)}});
  const auto in_body = server.Connect();
  in_body->Send(RequestOf(BodyOf(100 * kKiB)).substr(0, 50 * kKiB));
  EXPECT_EQ(StatusOf(*in_body), 408);
  EXPECT_TRUE(in_body->ReadsEnd(seconds(10)));
  const auto in_params = server.Connect();
  in_params->Send(RequestOf(BodyOf(20)).substr(0, 60));
  EXPECT_TRUE(in_params->ReadsEnd(seconds(10)));
  EXPECT_EQ(RunningServer::Absorbed(), 0u);
}

TEST(Server, APeerThatTricklesIsGivenUp) {
  RunningServer server({.limits = {.whole = milliseconds(200)}});
  const std::string request = RequestOf(BodyOf(15 * kMiB));
  const auto client = server.Connect();
  client->Send(request.substr(0, 50 * kKiB));
  std::optional<FcgiReply> reply;
  const Deadline deadline(seconds(10));
  for (std::size_t at = 50 * kKiB; !reply && !deadline.passed(); ++at) {
    client->Send(request.substr(at, 1));
    reply = client->ReadReply(milliseconds(5));
  }
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status(), 408);
}

// A server that checks the requests whose bodies begin with "check", once it may.
class ServerWithChecks : public testing::Test {
 protected:
  static bool IsToBeChecked(const Request& request) { return request.body.starts_with("check"); }
  CheckQueue::Check CheckFor(const Request& request) {
    if (!IsToBeChecked(request)) return nullptr;
    return [this](Request&) {
      begun_.release();
      allowed_.acquire();
    };
  }
  static std::string Checked(std::size_t size) { return "check" + BodyOf(size); }

  std::counting_semaphore<> begun_{0};
  std::counting_semaphore<> allowed_{0};
  std::counting_semaphore<> refused_{0};
  RunningServer server_{
      {.before_turn =
           [this](std::span<const Request> requests) {
             for (const Request& request : requests) {
               if (request.access == Access::Busy) refused_.release();
             }
           },
       .check_for = [this](const Request& request) { return CheckFor(request); }}};
};

TEST_F(ServerWithChecks, AnswersOthersMeanwhile) {
  for (const std::size_t size : {20 * kKiB, 1 * kMiB}) {
    const auto checked = server_.Connect();
    checked->Send(RequestOf(Checked(size)));
    begun_.acquire();
    for (int i = 0; i < 3; ++i) {
      const auto other = server_.Connect();
      other->Send(RequestOf(BodyOf(size)));
      EXPECT_EQ(StatusOf(*other), 200);
    }
    allowed_.release();
    const auto reply = checked->ReadReply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body(), Received(Checked(size)) + "\n");
  }
}

TEST_F(ServerWithChecks, RefusesWhatIsTooMuch) {
  constexpr std::size_t kTaken = 1 + CheckQueue::kMostOfAddress;  // one is being checked
  Clients clients;
  for (std::size_t i = 0; i < kTaken + 2; ++i) {
    clients.push_back(server_.Connect());
    clients.back()->Send(RequestOf(Checked(20)));
    if (i == 0) begun_.acquire();
  }
  for (int i = 0; i < 2; ++i) refused_.acquire();
  allowed_.release(kTaken);
  std::map<int, std::size_t> replies;
  for (const auto& client : clients) ++replies[StatusOf(*client)];
  EXPECT_EQ(replies, (std::map<int, std::size_t>{{200, kTaken}, {503, 2}}));
}

TEST_F(ServerWithChecks, SigtermLetsWhatIsCheckedEnd) {
  const auto client = server_.Connect();
  client->Send(RequestOf(Checked(20)));
  begun_.acquire();
  const auto idle = server_.Connect();
  idle->Send(RequestOf(BodyOf(20), KeepConnection::Yes));
  ASSERT_EQ(StatusOf(*idle), 200);
  server_.Signal();
  EXPECT_TRUE(idle->ReadsEnd(seconds(10)));  // it has seen the signal
  allowed_.release();
  EXPECT_EQ(StatusOf(*client), 200);
  server_.Stop();
}

TEST(Server, SigtermLetsALargeRequestThatHasBegunEnd) {
  RunningServer server({});
  const std::string request = RequestOf(BodyOf(1 * kMiB), KeepConnection::Yes);
  const auto idle = server.Connect();
  idle->Send(RequestOf(BodyOf(20), KeepConnection::Yes));
  ASSERT_EQ(StatusOf(*idle), 200);
  const auto client = server.Connect();
  client->Send(request.substr(0, 500 * kKiB));
  server.Signal();
  EXPECT_TRUE(idle->ReadsEnd(seconds(10)));  // it has seen the signal
  client->Send(request.substr(500 * kKiB));
  EXPECT_EQ(StatusOf(*client), 200);
  server.Stop();
  EXPECT_TRUE(client->ReadsEnd(seconds(10)));
}

}  // namespace
}  // namespace relay::test
