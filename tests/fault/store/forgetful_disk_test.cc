#include "fault/store/forgetful_disk.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <set>

#include "fault/store/forgetful_vfs.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

constexpr std::size_t kSector = ForgetfulFile::kSector;

class ForgetfulDiskTest : public testing::Test {
 protected:
  // Of a file after a power cut; "(none)" where it is gone.
  std::string Left(Survival survival, unsigned seed = 0, const std::string& name = "file") const {
    const auto inode = disk_.AfterPowerCut(survival, seed)->Find(name);
    return inode == nullptr ? "(none)" : inode->content.seen();
  }

  void FailStep(std::size_t step, Fate fate) {
    disk_.SetFates([=](std::size_t number, Step) { return number == step ? fate : Fate::Happens; });
  }

  ForgetfulDisk disk_;
  std::shared_ptr<Inode> file_ = disk_.Create("file");
};

TEST_F(ForgetfulDiskTest, LeavesWhatWasSyncedAndForgetsTheRest) {
  disk_.Write(*file_, 0, "synced");
  disk_.Sync(*file_, SyncScope::FileAndNames);
  disk_.Write(*file_, 6, ", not synced");
  disk_.Truncate(*file_, 16);

  EXPECT_EQ(file_->content.seen(), "synced, not sync");
  EXPECT_EQ(Left(Survival::Nothing), "synced");
  EXPECT_EQ(Left(Survival::Everything), "synced, not sync");
}

TEST_F(ForgetfulDiskTest, TearsWritesBetweenSectorsOnly) {
  disk_.Write(*file_, 0, std::string(4 * kSector, 'a'));
  disk_.Sync(*file_, SyncScope::FileAndNames);
  disk_.Write(*file_, 100, std::string(3 * kSector, 'b'));
  const std::string all = file_->content.seen();
  std::set<std::string> in_order;
  std::set<std::string> scattered;
  for (unsigned seed = 0; seed < 300; ++seed) {
    in_order.insert(Left(Survival::InOrder, seed));
    scattered.insert(Left(Survival::Scattered, seed));
  }

  // It touches four sectors: none to all of them from the front, or any of them.
  EXPECT_EQ(in_order.size(), 5u);
  EXPECT_EQ(scattered.size(), 16u);
  for (const std::string& left : scattered) {
    for (std::size_t sector = 0; sector < 4; ++sector) {
      const std::string found = left.substr(sector * kSector, kSector);
      EXPECT_TRUE(found == std::string(kSector, 'a') ||
                  found == all.substr(sector * kSector, kSector));
    }
  }
}

TEST_F(ForgetfulDiskTest, FillsNewSpaceWithJunkThatNobodyWrote) {
  disk_.Sync(*file_, SyncScope::FileAndNames);
  disk_.Write(*file_, 0, std::string(8 * kSector, 'b'));
  bool junk = false;
  for (unsigned seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(Left(Survival::Scattered, seed).find_first_not_of(std::string("b\0", 2)),
              std::string::npos);
    junk = junk || Left(Survival::Junk, seed).find_first_not_of('b') != std::string::npos;
  }
  EXPECT_TRUE(junk);
}

TEST_F(ForgetfulDiskTest, ForgetsNamesUntilTheyAreSynced) {
  disk_.Write(*file_, 0, "bytes");
  disk_.Sync(*file_, SyncScope::File);
  EXPECT_EQ(Left(Survival::Nothing), "(none)");
  EXPECT_EQ(Left(Survival::Everything), "bytes");

  disk_.Sync(*file_, SyncScope::FileAndNames);
  disk_.Delete("file", SyncScope::File);
  EXPECT_EQ(disk_.Find("file"), nullptr);
  EXPECT_EQ(Left(Survival::Nothing), "bytes");
  EXPECT_EQ(Left(Survival::Everything), "(none)");

  disk_.Create("other");
  disk_.Delete("other", SyncScope::FileAndNames);
  EXPECT_EQ(Left(Survival::Nothing), "(none)");
}

TEST_F(ForgetfulDiskTest, ALaterSyncMakesUpForAFailedOneUnlessTheKernelForgot) {
  disk_.Sync(*file_, SyncScope::FileAndNames);
  FailStep(3, Fate::Fails);
  disk_.Write(*file_, 0, "a");
  EXPECT_EQ(disk_.Sync(*file_, SyncScope::File), IoStatus::Failed);
  EXPECT_EQ(Left(Survival::Nothing), "");
  EXPECT_EQ(disk_.Sync(*file_, SyncScope::File), IoStatus::Ok);
  EXPECT_EQ(Left(Survival::Nothing), "a");

  FailStep(6, Fate::FailsAndForgets);
  disk_.Write(*file_, 0, "b");
  EXPECT_EQ(disk_.Sync(*file_, SyncScope::File), IoStatus::Failed);
  EXPECT_EQ(disk_.Sync(*file_, SyncScope::File), IoStatus::Ok);
  EXPECT_EQ(file_->content.seen(), "b");
  EXPECT_EQ(Left(Survival::Everything), "a");
}

TEST_F(ForgetfulDiskTest, AFailedWriteIsHalfDone) {
  FailStep(1, Fate::FindsDiskFull);
  EXPECT_EQ(disk_.Write(*file_, 0, "1234"), IoStatus::Full);
  EXPECT_EQ(file_->content.seen(), "12");
}

TEST_F(ForgetfulDiskTest, NothingWorksAfterThePowerFailedAndWhatWasUnderWayIsInDoubt) {
  disk_.Sync(*file_, SyncScope::FileAndNames);
  FailStep(2, Fate::PowerFails);
  EXPECT_EQ(disk_.Write(*file_, 0, "under way"), IoStatus::Failed);
  EXPECT_EQ(disk_.Write(*file_, 0, "too late"), IoStatus::Failed);
  EXPECT_EQ(disk_.Sync(*file_, SyncScope::File), IoStatus::Failed);
  EXPECT_EQ(disk_.Create("other"), nullptr);

  EXPECT_TRUE(disk_.dead());
  EXPECT_EQ(disk_.steps(), 3u);
  EXPECT_EQ(Left(Survival::Nothing), "");
  EXPECT_EQ(Left(Survival::Everything), "under way");
}

TEST_F(ForgetfulDiskTest, AKilledProcessLeavesWhatItDidUnsynced) {
  disk_.Sync(*file_, SyncScope::FileAndNames);
  disk_.Write(*file_, 0, "written");
  const auto next = disk_.AfterKill();
  const auto found = next->Find("file");

  EXPECT_EQ(found->content.seen(), "written");
  EXPECT_EQ(next->AfterPowerCut(Survival::Nothing, 0)->Find("file")->content.seen(), "");
  next->Sync(*found, SyncScope::File);
  EXPECT_EQ(next->AfterPowerCut(Survival::Nothing, 0)->Find("file")->content.seen(), "written");
}

TEST_F(ForgetfulDiskTest, ADiskThatLiesSyncsNothing) {
  disk_.Sync(*file_, SyncScope::FileAndNames);
  disk_.IgnoreSyncs();
  disk_.Write(*file_, 0, "lost");
  EXPECT_EQ(disk_.Sync(*file_, SyncScope::File), IoStatus::Ok);
  EXPECT_EQ(Left(Survival::Nothing), "");
}

// What SQLite is told of a disk by its default VFS.
std::pair<int, int> Properties(const std::string& path) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
  const auto memory = std::make_unique<char[]>(static_cast<std::size_t>(vfs->szOsFile));
  auto* file = reinterpret_cast<sqlite3_file*>(memory.get());
  constexpr int kFlags = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  EXPECT_EQ(vfs->xOpen(vfs, path.c_str(), file, kFlags, nullptr), SQLITE_OK);
  const std::pair properties{file->pMethods->xSectorSize(file),
                             file->pMethods->xDeviceCharacteristics(file)};
  file->pMethods->xClose(file);
  return properties;
}

TEST(ForgetfulVfsTest, TellsSqliteOfTheDiskWhatItsOwnVfsDoes) {
  const TempDir dir;
  const std::string path = dir.path() / "test.db";
  const auto usual = Properties(path);
  const ForgetfulVfs vfs;
  EXPECT_EQ(Properties(path), usual);
}

}  // namespace
}  // namespace relay::test
