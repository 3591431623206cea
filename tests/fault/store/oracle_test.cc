// That the other tests here can fail, and that the script is what they take it for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "fault/store/script_posts.h"
#include "fault/store/tally.h"
#include "fault/store/tight_connections.h"
#include "store/sqlite_store.h"

namespace relay::test {
namespace {

using testing::HasSubstr;

class OracleTest : public testing::Test {
 protected:
  // The disk after the whole script.
  std::shared_ptr<ForgetfulDisk> PlayAll() {
    auto disk = InsertEmptyDisk(vfs_);
    Machine machine;
    EXPECT_TRUE(Play(machine, 0).result.ok());
    tally_.ExpectIdentity(machine.store_id);
    return disk;
  }

  void CheckEnd(const std::shared_ptr<ForgetfulDisk>& disk) {
    tally_.CheckOneOf(TakeInventory(vfs_, disk), Script().size(), Script().size(), "the end");
  }

  ForgetfulVfs vfs_;
  TightConnections tight_;
  const Rehearsal rehearsal_ = Rehearse(vfs_);
  Tally tally_{rehearsal_};
};

TEST_F(OracleTest, FindsNothingWrongWithAGoodDisk) {
  CheckEnd(PlayAll()->AfterPowerCut(Survival::Nothing, 0));
  EXPECT_TRUE(tally_.clean()) << tally_.Summary();
}

TEST_F(OracleTest, MissesWhatADiskThatLiesHasLost) {
  const auto disk = InsertEmptyDisk(vfs_);
  Machine machine;
  std::size_t operation = 0;
  for (; operation < 2; ++operation) ASSERT_TRUE(Script()[operation].run(machine).ok());
  disk->IgnoreSyncs();
  ASSERT_TRUE(Play(machine, operation).result.ok());
  tally_.ExpectIdentity(machine.store_id);
  CheckEnd(disk->AfterPowerCut(Survival::Nothing, 0));

  // Posts 4 to 13, of which one was pruned, and what hangs on them.
  EXPECT_GE(tally_.differences().missing, 9u) << tally_.Summary();
  EXPECT_THAT(tally_.Summary(), HasSubstr("post 4;"));
}

TEST_F(OracleTest, SeesAStoreThatIsThereOnlyInPart) {
  const auto disk = InsertEmptyDisk(vfs_);
  Machine machine;
  ASSERT_TRUE(Script()[0].run(machine).ok());
  const NewPost only_one_of_three = Chat("A", "10:00:01 Hello\n", At(std::chrono::seconds(0)), {});
  ASSERT_TRUE(machine.receiver->Accept({&only_one_of_three, 1}).front().ok());
  tally_.ExpectIdentity(machine.store_id);
  tally_.CheckOneOf(TakeInventory(vfs_, disk), 1, 2, "between");
  EXPECT_EQ(tally_.differences().spurious, 3u) << "a post, its session and transcript";
  EXPECT_EQ(tally_.differences().corrupted, 1u) << "the number of posts";
}

TEST_F(OracleTest, SeesAByteThatWasChangedOnTheDisk) {
  const auto disk = PlayAll()->AfterPowerCut(Survival::Everything, 0);
  ForgetfulFile& file = disk->Find(kStorePath)->content;
  const std::size_t at = file.seen().find("ChatLog=10:00:01 Hello");
  ASSERT_NE(at, std::string::npos);
  file.Write(at + 17, "J");
  CheckEnd(disk);
  EXPECT_EQ(tally_.differences().corrupted, 2u) << tally_.Summary();
  EXPECT_THAT(tally_.Summary(), HasSubstr("damage"));
}

TEST_F(OracleTest, SeesAFileThatSqliteCannotRead) {
  const auto disk = PlayAll()->AfterPowerCut(Survival::Everything, 0);
  disk->Find(kStorePath)->content.Write(4096, std::string(4096, 'x'));
  CheckEnd(disk);
  EXPECT_FALSE(tally_.clean());
}

TEST_F(OracleTest, TellsMissingSpuriousAndCorruptedApart) {
  const Difference difference = Compare({{"post 1", "a"}, {"post 2", "b"}},
                                        {{"post 2", "c"}, {"post 3", "d"}, {"post 4", "e"}});
  EXPECT_EQ(difference.missing, 1u);
  EXPECT_EQ(difference.corrupted, 1u);
  EXPECT_EQ(difference.spurious, 2u);
}

TEST_F(OracleTest, TheScriptTakesEveryKindOfStep) {
  std::map<Step, int> steps;
  for (const Step step : rehearsal_.steps) ++steps[step];
  EXPECT_EQ(steps.size(), 5u) << "creates, writes, syncs, truncates and deletes";
  EXPECT_GT(rehearsal_.steps.size(), 500u);
}

// What the whole script must leave, told by hand.
TEST_F(OracleTest, TheScriptLeavesWhatWasPosted) {
  const auto disk = PlayAll();
  vfs_.Insert(disk);
  auto store = SqliteStore::Open(kStorePath, sql::OpenMode::ReadWrite);
  ASSERT_TRUE(store);
  EXPECT_EQ(*(*store)->Transcript("A", PostId{99}),
            "10:00:01 Hello\n10:00:02 Help\n" + LongChat() + "10:30:00 Bye\n");
  EXPECT_EQ(*(*store)->Transcript("C", PostId{99}),
            "12:00:01 Yes\n12:00:02 No\n12:00:02 No\n12:00:03 But\n12:00:04 End\n");
  const auto long_post = (*store)->FindPost(PostId{5});
  ASSERT_TRUE(long_post && *long_post);
  EXPECT_EQ((*long_post)->post.raw.body, "SessionID=A&ChatLog=" + LongChat());
  EXPECT_EQ(rehearsal_.before.back().count("post 13"), 1u);
  EXPECT_EQ(rehearsal_.before.back().count("post 14"), 0u);

  std::map<DeliveryState, int> states;
  std::map<std::int64_t, int> attempts;
  ASSERT_TRUE((*store)
                  ->ListDeliveries({}, 0,
                                   [&](const Delivery& delivery) {
                                     ++states[delivery.state];
                                     attempts[delivery.id.value] = delivery.attempts;
                                   })
                  .ok());
  EXPECT_EQ(states[DeliveryState::Done], 6) << "1, 2, 3, 4, 10, 11";
  EXPECT_EQ(states[DeliveryState::Claimed], 1) << "5";
  EXPECT_EQ(attempts[2], 2);
  EXPECT_EQ(attempts[10], 1);
  EXPECT_EQ(states[DeliveryState::Dead], 3) << "15, 17, 19";
  EXPECT_EQ(attempts.count(6), 0u) << "it was dropped";
  EXPECT_EQ(attempts.size(), 19u) << "23 without 6, 8, 20 and 21";
}

}  // namespace
}  // namespace relay::test
