// What requests that are not whole may cost together: more than the budget is never held, whoever
// stalls meanwhile, and honest peers are all answered.
#include "gateway/absorber.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "unit/gateway/running_server.h"

namespace relay::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxBody = 256 * kKiB;
constexpr std::size_t kBudget = 1 * kMiB;
// The one that is favoured may get over it, and memory is had in pages.
constexpr std::size_t kBound = kBudget + 2 * kMaxBody;

RunningServerOptions SmallBudget(milliseconds stall) {
  return {.max_body = kMaxBody,
          .limits = {.budget = kBudget, .whole = seconds(10), .stall = stall}};
}

// Peers that post at the same time, each several times, waiting for the reply in between. Returns
// how many were answered with 200.
int PostFrom(const RunningServer& server, int peers, int posts) {
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < peers; ++i) {
    threads.emplace_back([&] {
      const std::string request = RequestOf(BodyOf(200 * kKiB), KeepConnection::Yes);
      const auto client = server.Connect();
      for (int j = 0; j < posts; ++j) {
        client->Send(request);
        if (StatusOf(*client) == 200) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return answered;
}

std::vector<std::unique_ptr<FcgiClient>> HalfSent(const RunningServer& server, int peers) {
  std::vector<std::unique_ptr<FcgiClient>> clients;
  for (int i = 0; i < peers; ++i) {
    clients.push_back(server.Connect());
    clients.back()->Send(RequestOf(BodyOf(kMaxBody)).substr(0, 150 * kKiB));
  }
  return clients;
}

TEST(Absorber, ManyLargePostsAtATimeAreAllAnsweredWithinTheBudget) {
  RunningServer server(SmallBudget(seconds(60)));
  EXPECT_EQ(PostFrom(server, 24, 4), 24 * 4);
  EXPECT_LE(server.most_absorbed(), kBound);
}

TEST(Absorber, PeersThatStallAreCutWhenTheBudgetIsUsedUpAndOthersAreAnswered) {
  RunningServer server(SmallBudget(milliseconds(100)));
  const auto stalled = HalfSent(server, 24);
  EXPECT_EQ(PostFrom(server, 8, 4), 8 * 4);
  EXPECT_LE(server.most_absorbed(), kBound);
  EXPECT_EQ(StatusOf(*stalled.front()), 408);
}

TEST(Absorber, PeersThatStallAreLeftAloneWhileThereIsRoom) {
  RunningServer server(SmallBudget(milliseconds(0)));
  const auto stalled = HalfSent(server, 5);
  EXPECT_EQ(PostFrom(server, 1, 8), 8);
  // A small post that is slow is absorbed when the loop looks for those that are to be given up.
  const std::uint64_t before = RunningServer::Absorbed();
  const std::uint64_t rounds = server.rounds();
  const auto slow = server.Connect();
  slow->Send(RequestOf(BodyOf(20)).substr(0, 60));
  ASSERT_TRUE(Deadline(seconds(10)).Until([&] { return RunningServer::Absorbed() > before; }));
  EXPECT_LT(server.rounds() - rounds, 1000u) << "the loop has been busy with nothing";
  for (const auto& client : stalled) {
    client->Send(RequestOf(BodyOf(kMaxBody)).substr(150 * kKiB));
    EXPECT_EQ(StatusOf(*client), 200);
  }
}

TEST(Absorber, PeersThatTrickleDoNotHoldUpOthersForLong) {
  RunningServer server(SmallBudget(milliseconds(100)));
  const auto trickling = HalfSent(server, 8);
  std::vector<std::thread> threads;
  for (const auto& client : trickling) {
    threads.emplace_back([&] {
      while (!client->ReadReply(milliseconds(5)) && client->Send("x")) continue;
    });
  }
  EXPECT_EQ(PostFrom(server, 4, 2), 4 * 2);
  server.Stop();
  for (std::thread& thread : threads) thread.join();
}

TEST(Absorber, WhatOneTurnTakesIsBounded) {
  std::promise<void> go_on;
  const auto waits = [wait = go_on.get_future().share()](std::span<const Request> requests) {
    if (requests.front().method == "PUT") wait.wait();
  };
  RunningServer server({.before_turn = waits});
  const std::string large = RequestOf(BodyOf(10 * kMiB));
  std::vector<std::unique_ptr<FcgiClient>> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(server.Connect());
    clients.back()->Send(large.substr(0, large.size() - 8));
  }
  const auto all_are_there = [] { return RunningServer::Absorbed() > 50 * kMiB; };
  ASSERT_TRUE(Deadline(seconds(20)).Until(all_are_there));
  // While the loop is at a turn, all of them get whole.
  const auto holds = server.Connect();
  holds->Send(FcgiRequest({{"REQUEST_METHOD", "PUT"}}, ""));
  for (const auto& client : clients) client->Send(large.substr(large.size() - 8));
  go_on.set_value();
  for (const auto& client : clients) EXPECT_EQ(StatusOf(*client), 200);
  EXPECT_LE(server.largest_turn(), 42 * kMiB);
}

}  // namespace
}  // namespace relay::test
