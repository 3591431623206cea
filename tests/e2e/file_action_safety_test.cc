// Deliveries as lines of a file: several processes, crashes, full disks and logrotate leave whole
// lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>
#include <map>

#include "e2e/file_action.h"
#include "support/deadline.h"
#include "support/small_disk.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

class FileActionSafety : public FileAction {};

TEST_F(FileActionSafety, TakesBackWhatDoesNotFitOnTheDisk) {
  const SmallDisk disk(1 << 20);
  Install(R"(
[action.archive]
type = "file"
path = ")" +
          (disk.path() / "table.csv").string() + R"("
format = "csv"
columns = ["SessionID", "CField0"]
)");
  Post("SessionID=1&CField0=x");
  Deliver();
  const std::string before = ReadFile(disk.path() / "table.csv");
  disk.Fill(8192);
  std::string big;
  while (big.size() < 100'000) big += "a%0A";
  Post("SessionID=2&CField0=" + big);
  Deliver();
  EXPECT_EQ(ReadFile(disk.path() / "table.csv"), before);
  const json row = Queue().front();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "path: append: No space left on device");
  disk.MakeRoom();
  DeliverAgain("archive");
  EXPECT_THAT(States(), ElementsAre("done", "done"));
  EXPECT_THAT(ReadCsv(disk.path() / "table.csv"), AllOf(SizeIs(3), Each(SizeIs(2))));
}

TEST_F(FileActionSafety, IsDoneOnlyWhenTheLineAndTheNameOfTheFileAreSynced) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/out/{{ .SessionID }}/log"
)");
  fs::create_directory(Path("out"));
  fs::permissions(Path("out"), fs::perms::all);
  Post("SessionID=1");
  const std::string trace = Path("trace");
  RunIn(
      {"strace", "-f", "-y", "-s", "20", "-o", trace, "-e", "trace=write,fsync,fdatasync,pwrite64"},
      {"deliver", "--once"});
  ASSERT_THAT(States(), ElementsAre("done"));
  const auto lines = LinesOf(trace);
  const auto find = [&](std::size_t from, const std::string& call, const fs::path& path) {
    while (from < lines.size() &&
           (lines[from].find(" " + call + "(") == std::string::npos ||
            lines[from].find("<" + path.string() + ">") == std::string::npos))
      ++from;
    return from;
  };
  const std::size_t outer = find(0, "fsync", Path("out"));
  const std::size_t inner = find(0, "fsync", Path("out/1"));
  const std::size_t written = find(0, "write", Path("out/1/log"));
  const std::size_t synced = find(written, "fdatasync", Path("out/1/log"));
  const std::size_t recorded = find(written, "pwrite64", installation_->store().string() + "-wal");
  EXPECT_LT(outer, written);
  EXPECT_LT(inner, written);
  ASSERT_LT(written, lines.size());
  EXPECT_LT(synced, recorded);
  EXPECT_LT(recorded, lines.size());
}

TEST_F(FileActionSafety, TakesBackWhatCannotBeSynced) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/archive.jsonl"
json = "{{ .SessionID }}"
)");
  Post("SessionID=1");
  Deliver();
  Post("SessionID=2");
  RunIn({"strace", "-f", "-qq", "-o", "/dev/null", "-P", Path("archive.jsonl"), "-e",
         "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"},
        {"deliver", "--once"});
  EXPECT_EQ(ReadFile(Path("archive.jsonl")), "\"1\"\n");
  const json row = Queue().front();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "path: sync: Input/output error");
}

TEST_F(FileActionSafety, OfSeveralProcessesLeavesWholeRowsThroughKillsAndRotation) {
  constexpr int kPosts = 150;
  Install(R"(
[action.table]
type = "file"
path = "DIR/out/table.csv"
format = "csv"
columns = ["SessionID", "CField0", "Notes"]
header = false
timeout = "1s"
concurrency = 100
retry = { first = "100ms", max = "100ms", give_up = "1d" }
)");
  fs::create_directory(Path("out"));
  fs::permissions(Path("out"), fs::perms::all);
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "\"line\",\n";
  const std::string notes = "&" + EncodeForm({{"Notes", lines}});
  for (int i = 1; i <= kPosts; ++i) {
    const std::string id = std::to_string(i);
    Post("SessionID=" + id + "&CField0=row+" + id + notes);
  }
  std::list<Process> processes;
  for (int i = 0; i < 4; ++i) {
    processes.emplace_back(installation_->Command({Path("rescue-relay"), "deliver"}));
  }
  for (int round = 1; round <= 3; ++round) {
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      std::error_code none_yet;
      const auto size = fs::file_size(Path("out/table.csv"), none_yet);
      return !none_yet && size > 10 * lines.size();
    }));
    if (round == 1) processes.front().Signal(SIGKILL);  // what it has begun must lapse first
    fs::rename(Path("out/table.csv"), Path("out/table." + std::to_string(round) + ".csv"));
  }
  ASSERT_TRUE(processes.front().Wait(seconds(20)));
  processes.pop_front();
  EXPECT_TRUE(Deadline(seconds(60)).Until([&] {
    return installation_->List({"queue", "list", "--limit", "0", "--state", "done"}).size() ==
           kPosts;
  }));
  for (Process& process : processes) EXPECT_EQ(process.Stop().code, 0) << process.err();

  std::map<std::string, int> times;
  for (const auto& entry : fs::directory_iterator(Path("out"))) {
    for (const auto& row : ReadCsv(entry)) {
      ASSERT_THAT(row, SizeIs(3)) << entry;
      EXPECT_EQ(row[1], "row " + row[0]);
      EXPECT_TRUE(row[2] == lines) << row[0];
      ++times[row[0]];
    }
  }
  EXPECT_EQ(times.size(), static_cast<std::size_t>(kPosts));
}

}  // namespace
}  // namespace relay::test
