// script.fcgi is stopped, started and reloaded while it receives. No sender notices.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"
#include "support/nginx.h"

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

constexpr int kRestarts = 10;
constexpr int kPosters = 6;

void ExpectEveryoneAnswered(const std::vector<SentPost>& sent) {
  for (const SentPost& post : sent) {
    EXPECT_EQ(post.unanswered, 0) << post.mark;
    EXPECT_EQ(post.reply ? post.reply->status : 0, 200) << post.mark;
  }
}

class Restart : public testing::Test {
 protected:
  Restart() : installation_(MarkAction(sink_.port())), service_(installation_) {}

  // As systemd does it: the listening socket stays, and whoever comes meanwhile waits in it.
  void RestartUnder(Load& load) {
    for (int i = 0; i < kRestarts; ++i) {
      load.AwaitReplies(20);
      const ExitStatus status = service_.Stop();
      EXPECT_EQ(status.signal, 0);
      EXPECT_EQ(status.code, 0);
      service_.Start();
    }
    load.AwaitReplies(20);
  }

  void ExpectNothingLost(const std::vector<SentPost>& sent) {
    ExpectEveryoneAnswered(sent);
    AwaitDelivered(installation_, sink_);
    const auto stored = ReadStore(installation_);
    ExpectNothingMissingOrSpurious(Audit(sent, stored));
    ExpectAllDelivered(sink_.requests(), stored);
  }

  HttpSink sink_;
  Installation installation_;
  Service service_;
};

TEST_F(Restart, UnderLoadFailsNoRequest) {
  Load load(kPosters, OverSocket(service_.socket()));
  RestartUnder(load);
  ExpectNothingLost(load.Stop());
}

TEST_F(Restart, UnderLoadBehindNginxFailsNoRequest) {
  const Nginx nginx({service_.socket()});
  Load load(kPosters, ThroughWebServer(nginx.port()));
  RestartUnder(load);
  ExpectNothingLost(load.Stop());
}

class Reload : public Restart {
 protected:
  // How often the program has said this.
  size_t Said(const std::string& what) const {
    const std::string log = service_.log();
    size_t count = 0;
    for (size_t at = log.find(what); at != std::string::npos; at = log.find(what, at + 1)) ++count;
    return count;
  }
  void ReloadAndAwait(const std::string& config, const std::string& saying) {
    const size_t before = Said(saying);
    installation_.Configure(config);
    service_.process().Signal(SIGHUP);
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] { return Said(saying) > before; })) << saying;
  }
};

TEST_F(Reload, UnderLoadFailsNoRequestWhetherTheConfigurationIsValidOrNot) {
  const std::string valid = MarkAction(sink_.port());
  Load load(kPosters, OverSocket(service_.socket()));
  for (int i = 0; i < 5; ++i) {
    load.AwaitReplies(20);
    ReloadAndAwait(valid + "ulr = \"http://127.0.0.1:1/\"\n", "the one before stays");
    load.AwaitReplies(20);
    ReloadAndAwait(valid, "was loaded again");
  }
  load.AwaitReplies(20);
  const auto sent = load.Stop();
  EXPECT_THAT(service_.log(), HasSubstr(R"(unknown key \"ulr\" (did you mean \"url\"?))"));
  EXPECT_THAT(service_.log(), HasSubstr(installation_.config().string() + ":"));
  ExpectNothingLost(sent);
}

}  // namespace
}  // namespace relay::test
