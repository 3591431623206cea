// Peers that ask for more than there is, leave in the middle, or take back what they asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

std::string RequestOf(const std::string& form) {
  return FcgiRequest(FcgiPostParams(form), form);
}

std::string FormOf(int number) {
  return "SessionID=1&Tracking0=P" + std::to_string(number);
}

TEST(IdlePeers, ThatTakeEveryDescriptorUnderLoadCostNoPost) {
  HttpSink sink;
  const Installation installation(MarkAction(sink.port()));
  Service service(installation, {"prlimit", "--nofile=48"});
  Load load(4, OverSocket(service.socket()));
  load.AwaitReplyWith(200);
  {
    std::vector<std::unique_ptr<FcgiClient>> idle;
    for (int i = 0; i < 80; ++i) idle.push_back(std::make_unique<FcgiClient>(service.socket()));
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      return service.log().find("accept a connection") != std::string::npos;
    }));
  }
  load.AwaitReplyWith(200);
  load.AwaitReplies(50);
  const auto sent = load.Stop();
  EXPECT_TRUE(service.process().running());
  for (const SentPost& post : sent) EXPECT_EQ(post.unanswered, 0) << post.mark;
  const auto stored = ReadStore(installation);
  ExpectNothingMissingOrSpurious(Audit(sent, stored));
  AwaitDelivered(installation, sink);
  ExpectAllDelivered(sink.requests(), stored);
}

class Peers : public testing::Test {
 protected:
  Peers() : installation_(""), service_(installation_) {}

  Installation installation_;
  Service service_;
};

TEST_F(Peers, ThatLeaveBeforeTheReplyHaveTheirPostStoredOnce) {
  constexpr int kPeers = 50;
  for (int i = 0; i < kPeers; ++i) FcgiClient(service_.socket()).Send(RequestOf(FormOf(i)));
  EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
    return installation_.List({"post", "list"}).size() >= kPeers;
  }));
  const auto reply = OverSocket(service_.socket())(FormOf(kPeers));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_TRUE(service_.process().running());
  EXPECT_THAT(ReadStore(installation_), SizeIs(kPeers + 1));
}

TEST_F(Peers, ThatAbortAfterAnyPartOfARequestLeaveNothing) {
  const std::string form = "SessionID=1&ChatLog=" + std::string(100'000, 'a');
  const std::string begin = FcgiBegin();
  const std::string params = FcgiRecord(FcgiType::Params, FcgiEncoded(FcgiPostParams(form)));
  const std::string no_more_params = FcgiRecord(FcgiType::Params, "");
  const std::string small = FcgiRecord(FcgiType::Stdin, form.substr(0, 100));
  const std::string large = FcgiRecord(FcgiType::Stdin, form.substr(0, 60'000));
  for (const std::string& part :
       {begin, begin + params, begin + params + no_more_params,
        begin + params + no_more_params + small, begin + params + no_more_params + large}) {
    FcgiClient client(service_.socket());
    client.Send(part + FcgiRecord(FcgiType::Abort, ""));
    client.CloseSending();
    const auto reply = client.ReadReply(seconds(10));
    EXPECT_TRUE(!reply || reply->status() >= 400) << part.size() << ": " << reply->out;
  }
  EXPECT_THAT(ReadStore(installation_), IsEmpty());
  EXPECT_THAT(installation_.List({"quarantine", "list"}), IsEmpty());
  EXPECT_TRUE(OverSocket(service_.socket())(FormOf(1)));
}

}  // namespace
}  // namespace relay::test
