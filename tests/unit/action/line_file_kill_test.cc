// Several processes append rows at once and are killed in the middle of it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "action/csv.h"
#include "action/line_file.h"
#include "action/whole_lines.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

constexpr const char* kHeader = "\"id\",text\r\n";

// Long enough to be killed in the middle, and full of what looks like the end of a row.
std::string RowOf(int id) {
  static const std::string kText = [] {
    std::string text;
    while (text.size() < 200'000) text += "line\r\n\"7\",\n";
    return text;
  }();
  CsvRow row;
  row.Add(id);
  row.Add(kText + std::to_string(id));
  return std::move(row).Finish();
}

class KilledWriters : public testing::Test {
 protected:
  KilledWriters() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    acknowledged_.Reset(ends[0]);
    acknowledge_.Reset(ends[1]);
  }
  ~KilledWriters() override {
    for (const auto& [pid, first] : writers_) End(pid);
  }

  LineFile Target() const {
    return {dir_.path() / "table.csv", dir_.path(), 0640, kHeader, EndOfWholeRows};
  }
  Result<void> Append(int id) const {
    const std::atomic<bool> never{false};
    return AppendLine(Target(), RowOf(id), {std::chrono::minutes(1), never});
  }

  // A process that appends row after row.
  void StartWriter() {
    next_ += 10'000;
    const pid_t pid = fork();
    if (pid == 0) Write(next_);
    writers_[pid] = next_;
  }
  [[noreturn]] void Write(int id) const {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;; ++id) {
      if (!Append(id)) _exit(1);
      if (write(acknowledge_.get(), &id, sizeof id) != sizeof id) _exit(1);
    }
  }
  void KillOldestWriter() {
    const auto oldest = std::min_element(writers_.begin(), writers_.end(),
                                         [](auto& a, auto& b) { return a.second < b.second; });
    EXPECT_EQ(End(oldest->first), SIGKILL) << "it has given up";
    writers_.erase(oldest);
  }
  // What a kill in the middle of a write leaves, which happens too seldom by itself. Behind whole
  // rows, as every writer begins.
  void LeavePartOfARow(std::size_t length) const {
    const UniqueFd file(open(Target().path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
    ASSERT_EQ(flock(file.get(), LOCK_EX), 0);
    const auto end = EndOfWholeRows(file.get(), lseek(file.get(), 0, SEEK_END));
    ASSERT_TRUE(end);
    ASSERT_EQ(ftruncate(file.get(), *end), 0);
    const std::string row = RowOf(1);
    length = std::min(length, row.size() - 1);
    ASSERT_EQ(write(file.get(), row.data(), length), static_cast<ssize_t>(length));
  }
  static int End(pid_t pid) {
    kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  void AwaitAcknowledgements(int count) {
    for (int i = 0; i < count; ++i) {
      int id = 0;
      ASSERT_EQ(read(acknowledged_.get(), &id, sizeof id), static_cast<ssize_t>(sizeof id));
      acknowledged_ids_.insert(id);
    }
  }

  test::TempDir dir_;
  UniqueFd acknowledged_;
  UniqueFd acknowledge_;
  std::map<pid_t, int> writers_;  // and the first row of each
  std::set<int> acknowledged_ids_;
  int next_ = 0;
};

// Each row as it was written and nothing between them.
std::set<int> IdsOf(std::string_view text) {
  std::set<int> ids;
  EXPECT_TRUE(text.starts_with(kHeader));
  text.remove_prefix(std::min(text.size(), std::string_view(kHeader).size()));
  while (!text.empty()) {
    int id = 0;
    std::from_chars(text.data() + 1, text.data() + text.size(), id);
    const std::string row = RowOf(id);
    if (!text.starts_with(row)) {
      ADD_FAILURE() << "no whole row " << id << " with " << text.size() << " bytes to go";
      return ids;
    }
    ids.insert(id);
    text.remove_prefix(row.size());
  }
  return ids;
}

TEST_F(KilledWriters, LeaveWholeRowsAndLoseNoneThatWasAcknowledged) {
  for (int i = 0; i < 4; ++i) StartWriter();
  for (int round = 0; round < 40; ++round) {
    AwaitAcknowledgements(1 + round % 3);
    KillOldestWriter();
    LeavePartOfARow(static_cast<std::size_t>(round) * 4999 + 3);
    StartWriter();
  }
  while (!writers_.empty()) KillOldestWriter();
  ASSERT_TRUE(Append(1));  // whatever the last one left is cut off
  const std::set<int> ids = IdsOf(test::ReadFile(dir_.path() / "table.csv"));
  EXPECT_TRUE(
      std::includes(ids.begin(), ids.end(), acknowledged_ids_.begin(), acknowledged_ids_.end()));
}

}  // namespace
}  // namespace relay
