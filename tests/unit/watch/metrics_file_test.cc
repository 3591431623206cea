#include "watch/metrics_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::size_t FilesIn(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(MetricsFile, IsReplacedWholeAndReadableByAll) {
  const test::TempDir dir;
  const fs::path file = dir.path() / "rescue-relay.prom";
  const mode_t before = umask(0077);
  EXPECT_TRUE(WriteMetricsFile(file, "a 1\n"));
  EXPECT_TRUE(WriteMetricsFile(file, "b 2\n"));
  umask(before);
  EXPECT_EQ(test::ReadFile(file), "b 2\n");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0644));
  EXPECT_EQ(FilesIn(dir.path()), 1U) << "nothing else is left behind";
}

TEST(MetricsFile, IsNeverSeenInPart) {
  const test::TempDir dir;
  const fs::path file = dir.path() / "rescue-relay.prom";
  const std::string text(300'000, 'x');
  ASSERT_TRUE(WriteMetricsFile(file, text));
  std::jthread writer([&] {
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(WriteMetricsFile(file, text));
  });
  for (int i = 0; i < 200; ++i) ASSERT_EQ(test::ReadFile(file).size(), text.size());
}

TEST(MetricsFile, ThatCannotBeWrittenSaysWhyAndLeavesTheOldOne) {
  const test::TempDir dir;
  const auto gone = WriteMetricsFile(dir.path() / "no-such-folder" / "x.prom", "a 1\n");
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().message, HasSubstr("no-such-folder/x.prom"));
  EXPECT_THAT(gone.error().message, HasSubstr("No such file or directory"));

  fs::create_directory(dir.path() / "x.prom");  // rename() cannot replace it
  ASSERT_FALSE(WriteMetricsFile(dir.path() / "x.prom", "a 1\n"));
  EXPECT_EQ(FilesIn(dir.path()), 1U);
}

}  // namespace
}  // namespace relay
