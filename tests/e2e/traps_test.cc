// What brings other FastCGI programs to a stop: peers that stall, kept connections that pin
// threads, signals that cut a body, a failed accept that ends a worker for good, input that is not
// drained.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::SizeIs;

const std::string kPosted = "SessionID=1&Tracking0=CASE-1";

class Traps : public testing::Test {
 protected:
  // `threads` is a key of the past: no request holds one, however few there may be.
  Traps() : installation_("[intake]\nthreads = 1\n"), service_(installation_) {}

  std::unique_ptr<FcgiClient> Connect() const {
    return std::make_unique<FcgiClient>(service_.socket());
  }
  static std::string RequestOf(const std::string& body, KeepConnection keep = KeepConnection::No) {
    return FcgiRequest(FcgiPostParams(body), body, keep);
  }
  // 0 where there was no reply in a time that is short of every time-out in the program.
  static int ReadStatus(FcgiClient& client) {
    const auto reply = client.ReadReply(seconds(10));
    return reply ? reply->status() : 0;
  }
  int StatusOfAPost(const std::string& body = kPosted) const {
    const auto client = Connect();
    client->Send(RequestOf(body));
    return ReadStatus(*client);
  }
  std::vector<nlohmann::json> Posts() const { return installation_.List({"post", "list"}); }

  Installation installation_;
  Service service_;
};

TEST_F(Traps, PeersThatStallHoldNobodyUp) {
  const std::string small = RequestOf(kPosted);
  const std::string large = RequestOf("SessionID=2&ChatLog=" + std::string(100'000, 'a'));
  std::vector<std::unique_ptr<FcgiClient>> stalled;
  for (int i = 0; i < 64; ++i) {
    stalled.push_back(Connect());
    stalled.back()->Send(small.substr(0, 1));  // in the first header
    stalled.push_back(Connect());
    stalled.back()->Send(small.substr(0, 60));  // in the parameters
    stalled.push_back(Connect());
    stalled.back()->Send(small.substr(0, small.size() - 5));  // before the end of the body
    stalled.push_back(Connect());
    stalled.back()->Send(large.substr(0, 60'000));  // in a large body
  }
  EXPECT_EQ(StatusOfAPost(), 200);
  EXPECT_EQ(StatusOfAPost("SessionID=3&ChatLog=" + std::string(10'000'000, 'a')), 200);
}

TEST_F(Traps, AStalledPeerThatGoesOnIsAnswered) {
  const std::string request = RequestOf(kPosted);
  const auto slow = Connect();
  slow->Send(request.substr(0, 60));
  EXPECT_EQ(StatusOfAPost("SessionID=2"), 200);
  slow->Send(request.substr(60));
  EXPECT_EQ(ReadStatus(*slow), 200);
}

TEST_F(Traps, IdleKeptConnectionsHoldNobodyUpAndStayUsable) {
  std::vector<std::unique_ptr<FcgiClient>> kept;
  for (int i = 0; i < 40; ++i) {
    kept.push_back(Connect());
    kept.back()->Send(RequestOf("SessionID=" + std::to_string(100 + i), KeepConnection::Yes));
    ASSERT_EQ(ReadStatus(*kept.back()), 200) << i;
  }
  EXPECT_EQ(StatusOfAPost(), 200);
  kept.front()->Send(RequestOf("SessionID=999", KeepConnection::Yes));
  EXPECT_EQ(ReadStatus(*kept.front()), 200);
  EXPECT_THAT(Posts(), SizeIs(42));
}

TEST_F(Traps, ARefusedBodyIsDrainedSoThatTheKeptConnectionGoesOn) {
  const auto kept = Connect();
  FcgiParams put = FcgiPostParams(kPosted);
  for (auto& [name, value] : put) {
    if (name == "REQUEST_METHOD") value = "PUT";
  }
  kept->Send(FcgiRequest(put, kPosted, KeepConnection::Yes));
  EXPECT_EQ(ReadStatus(*kept), 405);
  kept->Send(RequestOf(kPosted, KeepConnection::Yes));
  EXPECT_EQ(ReadStatus(*kept), 200);
}

TEST_F(Traps, TheMarkOfTheEndMayComeLate) {
  const auto kept = Connect();
  for (int i = 1; i <= 3; ++i) {
    const std::string request = RequestOf("SessionID=" + std::to_string(i), KeepConnection::Yes);
    kept->Send(request.substr(0, request.size() - 8));
    ASSERT_EQ(StatusOfAPost("SessionID=10" + std::to_string(i)), 200);
    kept->Send(request.substr(request.size() - 8));
    EXPECT_EQ(ReadStatus(*kept), 200) << i;
  }
}

TEST_F(Traps, ASignalDoesNotCutABody) {
  const std::string body = "SessionID=1&ChatLog=" + std::string(200'000, 'a');
  const std::string request = RequestOf(body);
  const auto client = Connect();
  client->Send(request.substr(0, 100'000));
  ASSERT_EQ(StatusOfAPost("SessionID=2"), 200) << "it has not started";
  for (int i = 0; i < 20; ++i) {
    service_.process().Signal(SIGHUP);
    ASSERT_EQ(StatusOfAPost("SessionID=2"), 200);
  }
  client->Send(request.substr(100'000));
  EXPECT_EQ(ReadStatus(*client), 200);
  const auto posts = Posts();
  ASSERT_THAT(posts, SizeIs(2));
  EXPECT_EQ(posts[0]["size"], body.size());
}

TEST_F(Traps, SigtermLetsARequestThatHasBegunEnd) {
  for (const int number : {SIGTERM, SIGINT, SIGUSR1}) {
    const std::string body = "SessionID=" + std::to_string(number);
    const std::string request = RequestOf(body);
    const auto client = Connect();
    client->Send(request.substr(0, 60));
    // The loop has seen the first part once it has answered somebody who came later.
    ASSERT_EQ(StatusOfAPost("SessionID=1"), 200);
    service_.process().Signal(number);
    client->Send(request.substr(60));
    EXPECT_EQ(ReadStatus(*client), 200) << number;
    const auto status = service_.process().Wait(seconds(10));
    ASSERT_TRUE(status) << number;
    EXPECT_EQ(status->signal, 0) << number;
    EXPECT_EQ(status->code, 0) << number;
    service_.Start();
  }
}

TEST_F(Traps, SigtermLetsALargePostThatHasBegunEnd) {
  const std::string request = RequestOf("SessionID=1&ChatLog=" + std::string(1'000'000, 'a'));
  const auto idle = Connect();
  idle->Send(RequestOf(kPosted, KeepConnection::Yes));
  ASSERT_EQ(ReadStatus(*idle), 200);
  const auto client = Connect();
  // More than a socket holds: when it is sent, some of it has been taken.
  client->Send(request.substr(0, 500'000));
  service_.process().Signal(SIGTERM);
  EXPECT_TRUE(idle->ReadsEnd(seconds(10)));  // it has seen the signal
  client->Send(request.substr(500'000));
  EXPECT_EQ(ReadStatus(*client), 200);
  const auto status = service_.process().Wait(seconds(10));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 0);
}

TEST_F(Traps, ALargePostKeepsNothingWhenItIsAborted) {
  const std::string request = RequestOf("SessionID=1&ChatLog=" + std::string(500'000, 'a'));
  const auto client = Connect();
  client->Send(request.substr(0, 400'000));
  client->CloseSending();
  EXPECT_EQ(ReadStatus(*client), 400);
  EXPECT_THAT(Posts(), SizeIs(0));
}

TEST(TrapsOfTheSystem, ALargePostWaitsForADescriptor) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan needs a descriptor to look at memory, and takes it for broken without one";
#endif
  const Installation installation("");
  Service service(installation, {"prlimit", "--nofile=48"});
  const std::string large = "a=" + std::string(200'000, 'a');
  const std::string request = FcgiRequest(FcgiPostParams(large), large);
  FcgiClient client(service.socket());
  {
    std::vector<std::unique_ptr<FcgiClient>> many;
    for (int i = 0; i < 80; ++i) {
      many.push_back(std::make_unique<FcgiClient>(service.socket()));
    }
    ASSERT_TRUE(Deadline(seconds(10)).Until([&] {
      return service.log().find("accept a connection") != std::string::npos;
    }));
    client.Send(request.substr(0, 100'000));
    // Nothing else shows that the loop has seen it: it answers who came before the descriptors ran
    // out, in the order of what it sees.
    many.front()->Send(FcgiRequest(FcgiPostParams(kPosted), kPosted));
    EXPECT_TRUE(many.front()->ReadReply(seconds(10))) << service.log();
  }
  client.Send(request.substr(100'000));
  const auto reply = client.ReadReply(seconds(10));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status(), 422);  // whole, but no post
}

TEST(TrapsOfTheSystem, RunningOutOfDescriptorsIsNotTheEnd) {
  const Installation installation("");
  Service service(installation, {"prlimit", "--nofile=48"});
  const auto status_of_a_post = [&] {
    FcgiClient client(service.socket());
    client.Send(FcgiRequest(FcgiPostParams(kPosted), kPosted));
    const auto reply = client.ReadReply(seconds(10));
    return reply ? reply->status() : 0;
  };
  {
    // They say nothing: accepting alone is at stake. With no descriptor left, UBSan cannot look at
    // the memory of a thread that starts, and takes it for broken.
    std::vector<std::unique_ptr<FcgiClient>> many;
    for (int i = 0; i < 80; ++i) {
      many.push_back(std::make_unique<FcgiClient>(service.socket()));
    }
    EXPECT_TRUE(Deadline(seconds(10)).Until([&] {
      return service.log().find("accept a connection") != std::string::npos;
    }));
  }
  EXPECT_EQ(status_of_a_post(), 200) << service.log();
}

TEST_F(Traps, ManagementRecordsThatCrashLibfcgiAreNotShownToIt) {
  std::string names;
  for (int i = 0; i < 40; ++i) names += FcgiEncoded({{"FCGI_MAX_CONNS", ""}});
  const auto attacker = Connect();
  attacker->Send(FcgiRecord(FcgiType::GetValues, names, 0));
  const auto later = Connect();
  later->Send(FcgiBegin() + FcgiRecord(FcgiType::GetValues, names, 0));
  EXPECT_EQ(StatusOfAPost(), 200);
  EXPECT_TRUE(service_.process().running());
}

}  // namespace
}  // namespace relay::test
