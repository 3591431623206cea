// What script.fcgi does, seen by strace: before it says "stored", the post has been written to the
// write-ahead log and the log has been synced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <sstream>

#include "e2e/deployment.h"
#include "fault/program/load.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr const char* kMark = "RECOGNISABLE-MARK";
const std::string kBody = std::string("SessionID=1&Tracking0=") + kMark;

using Lines = std::vector<std::string>;

bool IsCall(const std::string& line, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (line.find(std::string(" ") + name + "(") != std::string::npos) return true;
  }
  return false;
}

bool Holds(const std::string& line, const std::string& text) {
  return line.find(text) != std::string::npos;
}

// A trace, with paths for descriptors and every byte of what was written.
class Trace {
 public:
  explicit Trace(const fs::path& dir) : file_(dir / "trace") {}

  std::vector<std::string> Wrapper() const {
    return {
        "strace", "-D", "-f",  "-y", "-s",
        "9000",   "-o", file_, "-e", "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg"};
  }

  Lines Read() const {
    std::istringstream text(ReadFile(file_));
    Lines lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  // Where the reply was written. strace notes a call after it was made, so the test may have the
  // reply first.
  std::optional<size_t> AwaitReply() const {
    std::optional<size_t> at;
    static_cast<void>(Deadline(seconds(20)).Until([&] {
      at = Find(Read(), 0, [](const std::string& line) {
        return IsCall(line, {"write", "writev", "sendto", "sendmsg"}) && Holds(line, "stored 1");
      });
      return at.has_value();
    }));
    return at;
  }

  static std::optional<size_t> Find(const Lines& lines, size_t from,
                                    const std::function<bool(const std::string&)>& matches) {
    for (size_t i = from; i < lines.size(); ++i) {
      if (matches(lines[i])) return i;
    }
    return std::nullopt;
  }

 private:
  const fs::path file_;
};

void ExpectSyncedBeforeTheReply(const Trace& trace, const Installation& installation) {
  const std::string wal = "<" + installation.store().string() + "-wal>";
  const std::string folder = "<" + installation.store().parent_path().string() + ">";
  const auto replied = trace.AwaitReply();
  ASSERT_TRUE(replied) << "no reply in the trace";
  Lines lines = trace.Read();
  lines.resize(*replied);

  const auto written = Trace::Find(lines, 0, [&](const std::string& line) {
    return IsCall(line, {"pwrite64", "write"}) && Holds(line, wal) && Holds(line, kMark);
  });
  ASSERT_TRUE(written) << "the post was not written to the log before the reply";
  const auto last = Trace::Find(lines, *written, [&](const std::string& line) {
    return IsCall(line, {"fdatasync", "fsync"}) && Holds(line, wal) && line.ends_with(") = 0");
  });
  ASSERT_TRUE(last) << "the log was not synced between the post and the reply";
  EXPECT_FALSE(Trace::Find(lines, *last, [&](const std::string& line) {
    return IsCall(line, {"pwrite64", "write"}) && Holds(line, wal);
  })) << "something was written to the log after it was synced";
  // The files are new: their names must last, too.
  EXPECT_TRUE(Trace::Find(lines, 0, [&](const std::string& line) {
    return IsCall(line, {"fdatasync", "fsync"}) && Holds(line, folder) && line.ends_with(") = 0");
  })) << "the folder was not synced before the reply";
}

TEST(SyncTrace, FastCgiSyncsAPostBeforeItIsAnswered) {
  const Installation installation("");
  const Trace trace(installation.dir());
  const Service service(installation, trace.Wrapper());
  const auto reply = OverSocket(service.socket())(kBody);
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->status, 200);
  ExpectSyncedBeforeTheReply(trace, installation);
}

TEST(SyncTrace, CgiSyncsAPostBeforeItIsAnswered) {
  const Installation installation("");
  const Trace trace(installation.dir());
  const Finished done = RunToEnd(installation.CgiPost(kBody, trace.Wrapper()));
  // Not its exit status: LeakSanitizer gives up under strace.
  ASSERT_THAT(done.out, testing::HasSubstr("stored 1")) << done.err;
  ExpectSyncedBeforeTheReply(trace, installation);
}

}  // namespace
}  // namespace relay::test
