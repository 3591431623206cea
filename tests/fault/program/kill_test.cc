// script.fcgi is killed again and again while it receives and delivers. What it has promised holds,
// and nothing is invented.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"

namespace relay::test {
namespace {

constexpr int kKills = 100;
constexpr int kClients = 6;
constexpr unsigned kSeed = 20260101;

// Each worker of each process is a connection to the sink.
const std::string kWorkers = "[delivery]\nworkers = 2\n";

TEST(Kill, UnderLoadLosesNothingAndInventsNothing) {
  HttpSink sink;
  const Installation installation(kWorkers + MarkAction(sink.port()));
  Service service(installation);
  Load load(kClients, OverSocket(service.socket()));

  std::mt19937 random(kSeed);
  const auto between = [&](size_t least, size_t most) {
    return std::uniform_int_distribution(least, most)(random);
  };
  for (int kill = 0; kill < kKills; ++kill) {
    load.AwaitReplies(between(1, 20));
    // Right after a reply others of the same turn are committed and not answered yet; right after a
    // send that post is on its way.
    if (between(0, 1) == 1) load.AwaitSends(between(1, kClients));
    service.KillHard();
    service.Start();
  }
  load.AwaitReplies(1);
  const auto sent = load.Stop();
  AwaitDelivered(installation, sink);

  ExpectIntact(installation);
  const auto stored = ReadStore(installation);
  const StoreAudit audit = Audit(sent, stored);
  const size_t repeats = ExpectAllDelivered(sink.requests(), stored);
  fmt::print(
      "survived {} kills: {} acknowledged, missing {}, spurious {}; {} in doubt, {} of them "
      "stored; {} stored and delivered, {} repeats\n",
      kKills, audit.acknowledged, audit.missing, audit.spurious,
      audit.in_doubt_kept + audit.in_doubt_lost, audit.in_doubt_kept, stored.size(), repeats);
  ExpectNothingMissingOrSpurious(audit);
  for (const SentPost& post : sent) {
    EXPECT_EQ(post.reply ? post.reply->status : 200, 200) << post.mark;
  }
  EXPECT_GE(audit.acknowledged, size_t{kKills});
  EXPECT_GT(audit.in_doubt_kept + audit.in_doubt_lost, 0U) << "no kill met a request under way";
}

}  // namespace
}  // namespace relay::test
