// A CRM that is down is asked now and then, by one at a time, until it is back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"

namespace relay::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

// Says 503 until it is mended, and remembers when it was asked.
class StartedCrm {
 public:
  int port() const { return sink_.port(); }
  void Mend() {
    const std::lock_guard lock(mutex_);
    down_ = false;
  }
  std::vector<steady_clock::time_point> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  Answer Reply() {
    const std::lock_guard lock(mutex_);
    asked_.push_back(steady_clock::now());
    return Answer{.status = down_ ? 503 : 200};
  }

  mutable std::mutex mutex_;
  bool down_ = true;
  std::vector<steady_clock::time_point> asked_;
  HttpSink sink_{[this](const SinkRequest&) { return Reply(); }};
};

TEST(Circuit, ADeadCrmIsNotHammeredAndItsReturnIsFound) {
  constexpr std::size_t kPosts = 30;
  StartedCrm crm;
  const Installation installation(
      CrmAction(crm.port(), "retry = { first = \"1s\", max = \"1s\", give_up = \"1h\" }\n"));
  const Service service(installation);
  for (std::size_t i = 1; i <= kPosts; ++i) {
    const std::string body = "Tracking0=T&SessionID=" + std::to_string(i);
    FcgiClient client(service.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    ASSERT_EQ(client.ReadReply().value_or(FcgiReply{}).status(), 200);
  }

  // Ten failures trip it; attempts under way by then, up to `concurrency`, still end.
  constexpr std::size_t kBeforeProbes = 10 + 4;
  ASSERT_TRUE(Deadline(seconds(60)).Until([&] { return crm.asked().size() >= kBeforeProbes + 4; }));
  EXPECT_THAT(service.log(), HasSubstr("action crm: its destination fails again and again"));
  const auto asked = crm.asked();
  for (std::size_t i = kBeforeProbes; i < asked.size(); ++i) {
    EXPECT_GE(asked[i] - asked[i - 1], milliseconds(900)) << "probe " << i;
  }

  crm.Mend();
  EXPECT_TRUE(Deadline(seconds(60)).Until([&] {
    return installation.List({"queue", "list", "--state", "done"}).size() == kPosts;
  }));
  EXPECT_THAT(service.log(), HasSubstr("action crm: its destination answers again"));
}

TEST(Circuit, WhatGrowsTooOldMeanwhileIsDeadWithItsReason) {
  StartedCrm crm;
  const Installation installation(
      CrmAction(crm.port(), "retry = { first = \"1s\", max = \"1s\", give_up = \"2s\" }\n"));
  const Service service(installation);
  constexpr std::size_t kPosts = 40;
  for (std::size_t i = 1; i <= kPosts; ++i) {
    const std::string body = "Tracking0=T&SessionID=" + std::to_string(i);
    FcgiClient client(service.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    ASSERT_EQ(client.ReadReply().value_or(FcgiReply{}).status(), 200);
  }
  EXPECT_TRUE(Deadline(seconds(60)).Until([&] {
    return installation.List({"queue", "list", "--state", "dead"}).size() == kPosts;
  }));
  EXPECT_LT(crm.asked().size(), kPosts) << "each was tried to death";
  for (const auto& row : installation.List({"queue", "list"})) {
    EXPECT_THAT(row["last_error"], HasSubstr("given up because of its age: HTTP 503"));
  }
}

}  // namespace
}  // namespace relay::test
