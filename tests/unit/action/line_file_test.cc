#include "action/line_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <vector>

#include "action/whole_lines.h"
#include "support/deadline.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::StartsWith;

class LineFileTest : public testing::Test {
 protected:
  LineFile Target(const std::string& name = "archive") const {
    return {dir_.path() / name, dir_.path(), 0640, "", EndOfWholeLines};
  }
  Result<void> Append(const LineFile& target, const std::string& line) const {
    return AppendLine(target, line, {seconds(20), stop_});
  }
  std::string Content(const std::string& name = "archive") const {
    return test::ReadFile(dir_.path() / name);
  }
  fs::path Path() const { return dir_.path() / "archive"; }

  // How often this process has the file of that inode open.
  static int OpenedTimes(ino_t inode) {
    int times = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      struct stat info {};
      times += stat(entry.path().c_str(), &info) == 0 && info.st_ino == inode ? 1 : 0;
    }
    return times;
  }

  test::TempDir dir_;
  std::atomic<bool> stop_{false};
};

mode_t ModeOf(const fs::path& path) {
  struct stat info {};
  stat(path.c_str(), &info);
  return info.st_mode & 07777;
}

// A lock on a file, as another process has it.
class Locked {
 public:
  explicit Locked(const fs::path& path) : file_(open(path.c_str(), O_RDWR | O_CREAT, 0640)) {
    EXPECT_EQ(flock(file_.get(), LOCK_EX), 0);
    struct stat info {};
    fstat(file_.get(), &info);
    inode_ = info.st_ino;
  }
  ino_t inode() const { return inode_; }
  void Release() { file_.Reset(); }

 private:
  UniqueFd file_;
  ino_t inode_ = 0;
};

TEST_F(LineFileTest, AppendsToAFileThatItMakesWithItsModeWhateverTheMask) {
  const mode_t mask = umask(077);
  LineFile target = Target();
  target.mode = 0664;
  EXPECT_TRUE(Append(target, "one\n"));
  EXPECT_TRUE(Append(target, "two\n"));
  umask(mask);
  EXPECT_EQ(Content(), "one\ntwo\n");
  EXPECT_EQ(ModeOf(Path()), 0664u);
}

TEST_F(LineFileTest, LeavesTheModeOfAFileThatIsThere) {
  dir_.Write("archive", "");
  fs::permissions(Path(), fs::perms(0600));
  EXPECT_TRUE(Append(Target(), "one\n"));
  EXPECT_EQ(ModeOf(Path()), 0600u);
}

TEST_F(LineFileTest, MakesTheFoldersBehindTheFixedOne) {
  EXPECT_TRUE(Append(Target("2026/03/02"), "one\n"));
  EXPECT_EQ(Content("2026/03/02"), "one\n");
  EXPECT_EQ(ModeOf(dir_.path() / "2026"), 0750u);
  EXPECT_EQ(ModeOf(dir_.path() / "2026/03"), 0750u);
}

TEST_F(LineFileTest, DoesNotMakeTheFixedFolder) {
  LineFile target = Target("disk/2026/03");
  target.fixed_folder = dir_.path() / "disk";
  const auto appended = Append(target, "one\n");
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::Temporary);
  EXPECT_THAT(appended.error().message, HasSubstr("No such file or directory"));
  EXPECT_FALSE(fs::exists(dir_.path() / "disk"));
}

TEST_F(LineFileTest, BeginsAFileThatIsEmptyWithTheHeaderOnce) {
  LineFile target = Target();
  target.header = "h\n";
  EXPECT_TRUE(Append(target, "one\n"));
  EXPECT_TRUE(Append(target, "two\n"));
  EXPECT_EQ(Content(), "h\none\ntwo\n");
  dir_.Write("archive", "");
  EXPECT_TRUE(Append(target, "three\n"));
  EXPECT_EQ(Content(), "h\nthree\n");
}

TEST_F(LineFileTest, CutsOffWhatACrashLeftOfALine) {
  dir_.Write("archive", "one\ntw");
  EXPECT_TRUE(Append(Target(), "three\n"));
  EXPECT_EQ(Content(), "one\nthree\n");
}

TEST_F(LineFileTest, WritesTheHeaderAnewWhereACrashLeftPartOfIt) {
  dir_.Write("archive", "a,b");
  LineFile target = Target();
  target.header = "a,b,c\n";
  EXPECT_TRUE(Append(target, "1\n"));
  EXPECT_EQ(Content(), "a,b,c\n1\n");
}

TEST_F(LineFileTest, TakesBackALineThatIsBeyondALimit) {
  dir_.Write("archive", "one\n");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{10, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto appended = Append(Target(), "two and more than that\n");
  setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::Temporary);
  EXPECT_EQ(appended.error().message, "append: File too large");
  EXPECT_EQ(Content(), "one\n");
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGXFSZ), 0);
}

TEST_F(LineFileTest, WaitsForWhoeverHoldsTheLock) {
  Locked other(Path());
  auto appended = std::async(std::launch::async, [&] { return Append(Target(), "two\n"); });
  ASSERT_TRUE(test::Deadline(seconds(20)).Until([&] { return OpenedTimes(other.inode()) == 2; }));
  std::ofstream(Path(), std::ios::app) << "one\n";
  other.Release();
  EXPECT_TRUE(appended.get());
  EXPECT_EQ(Content(), "one\ntwo\n");
}

TEST_F(LineFileTest, WaitsNoLongerThanItMay) {
  const Locked other(Path());
  const auto late = AppendLine(Target(), "two\n", {Duration::zero(), stop_});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::Temporary);
  EXPECT_THAT(late.error().message, StartsWith("lock: "));
  stop_ = true;
  EXPECT_FALSE(Append(Target(), "two\n"));
  EXPECT_EQ(Content(), "");
}

TEST_F(LineFileTest, FollowsTheNameWhenTheFileIsRotatedWhileItWaits) {
  Locked other(Path());
  auto appended = std::async(std::launch::async, [&] { return Append(Target(), "new\n"); });
  ASSERT_TRUE(test::Deadline(seconds(20)).Until([&] { return OpenedTimes(other.inode()) == 2; }));
  fs::rename(Path(), dir_.path() / "archive.1");
  other.Release();
  EXPECT_TRUE(appended.get());
  EXPECT_EQ(Content(), "new\n");
  EXPECT_EQ(Content("archive.1"), "");
}

TEST_F(LineFileTest, SaysWhatFailedWithoutThePath) {
  fs::create_directory(dir_.path() / "folder");
  dir_.Write("file", "");
  ASSERT_EQ(mkfifo((dir_.path() / "pipe").c_str(), 0600), 0);
  fs::create_symlink("nowhere/at/all", dir_.path() / "link");
  struct Row {
    std::string name;
    ErrorKind kind;
    const char* message;
  };
  const std::vector<Row> rows{
      {"folder", ErrorKind::Temporary, "open: Is a directory"},
      {"file/in/it", ErrorKind::Temporary, "open: Not a directory"},
      {"link", ErrorKind::Temporary, "open: it is there and it is not"},
      {"pipe", ErrorKind::Temporary, "open: it is no plain file"},
      {std::string(300, 'x'), ErrorKind::Permanent, "open: File name too long"},
      {std::string(300, 'x') + "/y", ErrorKind::Permanent, "open: File name too long"},
  };
  for (const Row& row : rows) {
    const auto appended = Append(Target(row.name), "one\n");
    ASSERT_FALSE(appended) << row.name;
    EXPECT_EQ(appended.error().kind, row.kind) << row.name;
    EXPECT_EQ(appended.error().message, row.message) << row.name;
  }
}

}  // namespace
}  // namespace relay
