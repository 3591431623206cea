// The disk fills up while script.fcgi receives, and is freed again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"
#include "support/small_disk.h"

namespace relay::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr size_t kMiB = 1 << 20;

void ExpectRefusalsSayWhenToTryAgain(const std::vector<SentPost>& sent) {
  for (const SentPost& post : sent) {
    ASSERT_TRUE(post.reply) << post.mark;
    if (post.reply->status == 200) continue;
    EXPECT_EQ(post.reply->status, 503) << post.mark;
    EXPECT_NE(post.reply->retry_after, "") << post.mark;
  }
}

struct Room {
  const char* name;
  const char* min_free;
  size_t left;            // when the disk counts as full
  const char* reason;     // in the log
  const char* no_reason;  // not there
};

class FullDisk : public testing::TestWithParam<Room> {
 protected:
  FullDisk()
      : disk_(16 * kMiB),
        installation_(MarkAction(sink_.port()), {disk_.path(), GetParam().min_free}),
        service_(installation_) {}

  SmallDisk disk_;
  HttpSink sink_;
  Installation installation_;
  Service service_;
};

TEST_P(FullDisk, RefusesPostsUntilThereIsRoomAgainAndLosesNone) {
  Load load(4, OverSocket(service_.socket()));
  for (int i = 0; i < 3; ++i) {
    load.AwaitReplyWith(200);
    disk_.Fill(GetParam().left);
    load.AwaitReplyWith(503);
    load.AwaitReplies(50);
    disk_.MakeRoom();
    load.AwaitReplyWith(200);
    load.AwaitReplies(50);
  }
  const auto sent = load.Stop();
  EXPECT_TRUE(service_.process().running());
  ExpectRefusalsSayWhenToTryAgain(sent);
  AwaitDelivered(installation_, sink_);
  ExpectIntact(installation_);
  const auto stored = ReadStore(installation_);
  ExpectNothingMissingOrSpurious(Audit(sent, stored));
  ExpectAllDelivered(sink_.requests(), stored);
  EXPECT_THAT(service_.log(),
              AllOf(HasSubstr(GetParam().reason), Not(HasSubstr(GetParam().no_reason))));
}

INSTANTIATE_TEST_SUITE_P(
    Below, FullDisk,
    testing::Values(Room{"MinFree", "2MiB", kMiB, "below [store] min_free", "is full"},
                    Room{"NothingAtAll", "0", 0, "database or disk is full", "min_free"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace relay::test
