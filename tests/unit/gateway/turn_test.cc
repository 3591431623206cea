// Turns: one is handled in a thread of its own while the loop goes on.
#include <gtest/gtest.h>

#include <csignal>
#include <semaphore>
#include <stdexcept>

#include "unit/gateway/running_server.h"

namespace relay::test {
namespace {

using std::chrono::seconds;

// Each turn begins, and goes on when it is allowed to.
class Turns : public testing::Test {
 protected:
  std::unique_ptr<FcgiClient> Post() const {
    auto client = server_.Connect();
    client->Send(RequestOf(BodyOf(20)));
    return client;
  }
  std::unique_ptr<FcgiClient> PostAndBegin() {
    auto client = Post();
    begun_.acquire();
    return client;
  }
  // The loop has gone round, with what was sent before.
  void AwaitRounds() const {
    const auto now = server_.rounds();
    ASSERT_TRUE(BecomesTrue([&] { return server_.rounds() > now + 2; }));
  }

  std::vector<std::size_t> sizes_;  // of the turns that have begun
  bool fail_ = false;
  std::atomic<int> read_ = 0;
  std::atomic<int> reloads_ = 0;
  std::counting_semaphore<> begun_{0};
  std::counting_semaphore<> allowed_{0};
  RunningServer server_{{.before_turn =
                             [this](std::span<const Request> requests) {
                               sizes_.push_back(requests.size());
                               begun_.release();
                               allowed_.acquire();
                               if (fail_) throw std::runtime_error("a turn that fails");
                             },
                         .check_for =
                             [this](const Request&) {
                               ++read_;
                               return CheckQueue::Check();
                             },
                         .reload = [this] { ++reloads_; }}};
};

TEST_F(Turns, WhatComesMeanwhileIsReadAndIsTheNext) {
  const auto first = PostAndBegin();
  const auto second = Post();
  const auto third = Post();
  AwaitRounds();
  allowed_.release(2);
  for (const auto* client : {&first, &second, &third}) EXPECT_EQ(StatusOf(**client), 200);
  EXPECT_EQ(sizes_, (std::vector<std::size_t>{1, 2}));
}

TEST_F(Turns, OneThatIsFullMakesTheLoopWait) {
  std::vector<std::unique_ptr<FcgiClient>> clients;
  clients.push_back(PostAndBegin());
  for (int i = 0; i < 450; ++i) clients.push_back(Post());
  EXPECT_TRUE(BecomesTrue([&] { return read_ > 256; }));
  EXPECT_FALSE(Deadline(seconds(1)).Until([&] { return read_ > 256 + 2 * 64; }));
  allowed_.release(1000);
  for (const auto& client : clients) EXPECT_EQ(StatusOf(*client), 200);
}

TEST_F(Turns, OneThatFailsClosesItsConnectionsAndNoOther) {
  fail_ = true;
  const auto failed = PostAndBegin();
  const auto other = Post();
  AwaitRounds();
  allowed_.release();
  EXPECT_TRUE(failed->ReadsEnd(seconds(10)));
  begun_.acquire();
  fail_ = false;
  allowed_.release();
  EXPECT_EQ(StatusOf(*other), 200);
}

TEST_F(Turns, TheConfigurationIsNotLoadedWhileOneIsHandled) {
  const auto client = PostAndBegin();
  kill(getpid(), SIGHUP);
  AwaitRounds();
  EXPECT_EQ(reloads_, 0);
  allowed_.release();
  EXPECT_EQ(StatusOf(*client), 200);
  EXPECT_TRUE(BecomesTrue([&] { return reloads_ == 1; }));
}

TEST_F(Turns, SigtermLetsOneThatIsHandledEnd) {
  const auto client = PostAndBegin();
  const auto rounds = server_.rounds();
  server_.Signal();
  ASSERT_TRUE(BecomesTrue([&] { return server_.rounds() > rounds; }));
  allowed_.release();
  EXPECT_EQ(StatusOf(*client), 200);
  server_.Stop();
}

}  // namespace
}  // namespace relay::test
