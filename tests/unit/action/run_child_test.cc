#include "action/run_child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "support/deadline.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::EndsWith;
using testing::MatchesRegex;
using testing::StartsWith;
using Why = ChildEnding::Why;

// A named pipe, which tells when nobody is left that has it open for writing.
class Leash {
 public:
  explicit Leash(const fs::path& path) {
    EXPECT_EQ(mkfifo(path.c_str(), 0666), 0);
    file_.Reset(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }

  // False where somebody still has it after 20 s.
  bool AwaitRelease() const {
    pollfd watched{file_.get(), 0, 0};
    return poll(&watched, 1, 20'000) == 1 && (watched.revents & POLLHUP) != 0;
  }
  // Somebody has written to it.
  bool AwaitTaken() const {
    pollfd watched{file_.get(), POLLIN, 0};
    return poll(&watched, 1, 20'000) == 1;
  }

 private:
  UniqueFd file_;
};

class RunChild : public testing::Test {
 protected:
  static ChildOptions Shell(const std::string& script) {
    ChildOptions options;
    options.argv = {"/bin/sh", "-c", script};
    options.environment = {"PATH=/usr/bin:/bin"};
    options.directory = "/";
    return options;
  }
  ChildEnding Run(ChildOptions options, milliseconds timeout = seconds(60)) const {
    options.input = input_.get();
    auto child = Child::Start(options);
    if (!child) {
      ADD_FAILURE() << child.error().message;
      return {};
    }
    return SeeThrough(std::move(*child), Patience(timeout, stop_));
  }
  std::string OutputOf(const ChildOptions& options) const { return Run(options).output; }
  void Input(const std::string& text) const {
    ASSERT_EQ(pwrite(input_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  std::string NameOf(const char* name) const { return (dir_.path() / name).string(); }

  test::TempDir dir_;
  std::atomic<bool> stop_{false};
  const UniqueFd input_{memfd_create("input", MFD_CLOEXEC)};
};

TEST_F(RunChild, TellsHowItEnded) {
  struct Row {
    const char* script;
    int exit;
    int signal;
  };
  for (const Row& row : {Row{"exit 0", 0, 0},
                         {"exit 75", 75, 0},
                         {"exit 255", 255, 0},
                         {"kill -9 $$", 0, SIGKILL},
                         {"kill -15 $$", 0, SIGTERM}}) {
    const ChildEnding ending = Run(Shell(row.script));
    EXPECT_EQ(ending.why, Why::ByItself) << row.script;
    ASSERT_TRUE(ending.status) << row.script;
    EXPECT_EQ(ending.status->exit, row.exit) << row.script;
    EXPECT_EQ(ending.status->signal, row.signal) << row.script;
  }
}

TEST_F(RunChild, TakesWhatItWritesFromBothOutputs) {
  EXPECT_EQ(OutputOf(Shell("echo out; echo err >&2; echo last")), "out\nerr\nlast\n");
}

TEST_F(RunChild, KeepsTheBeginningOfWhatItWritesAndLetsItGoOn) {
  const std::string exactly(65536, 'x');
  EXPECT_EQ(OutputOf(Shell("printf '%65536s' '' | tr ' ' x")), exactly);
  const ChildEnding ending = Run(Shell("yes | head -c 3000000; exit 7"));
  EXPECT_EQ(ending.status->exit, 7);
  EXPECT_EQ(ending.output.size(), 65536);
}

TEST_F(RunChild, GivesItItsInputFromTheBeginning) {
  Input("one\ntwo\n");
  EXPECT_EQ(OutputOf(Shell("read first; echo $first; cat")), "one\ntwo\n");
  EXPECT_EQ(OutputOf(Shell("cat /dev/stdin")), "one\ntwo\n");
}

TEST_F(RunChild, MayLeaveItsInputUnreadOrWriteAllOfItBack) {
  Input(std::string(8 << 20, 'x'));
  EXPECT_EQ(Run(Shell("exit 0")).status->exit, 0);
  EXPECT_EQ(Run(Shell("exec <&-; sleep 0; exit 0")).status->exit, 0);
  EXPECT_EQ(Run(Shell("tee /dev/stderr | wc -c >&2; exit 0")).status->exit, 0);
}

TEST_F(RunChild, HasTheArgumentsAndTheEnvironmentItIsGivenAlone) {
  ChildOptions options = Shell("");
  options.argv = {"/bin/sh", "-c", "printf '<%s>' \"$@\"", "sh", "a b", "", "$(id)", "\"';\n"};
  EXPECT_EQ(OutputOf(options), "<a b><><$(id)><\"';\n>");
  options.argv = {"/usr/bin/env"};
  options.environment = {"A=1", "B=x y"};
  EXPECT_EQ(OutputOf(options), "A=1\nB=x y\n");
}

TEST_F(RunChild, WorksInItsFolder) {
  ChildOptions options = Shell("pwd");
  options.directory = dir_.path();
  EXPECT_EQ(OutputOf(options), dir_.path().string() + "\n");
}

TEST_F(RunChild, InheritsNoDescriptor) {
  const UniqueFd leak(fcntl(input_.get(), F_DUPFD, 50));
  EXPECT_EQ(OutputOf(Shell("n=3; while [ $n -lt 200 ]; do [ -e /proc/$$/fd/$n ] && echo $n; "
                           "n=$((n+1)); done")),
            "");
}

TEST_F(RunChild, HasDefaultSignalsAndNoneBlocked) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto handler = signal(SIGPIPE, SIG_IGN);
  ChildOptions options = Shell("");
  options.argv = {"/bin/grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"};
  const std::string output = OutputOf(options);
  signal(SIGPIPE, handler);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(output, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(RunChild, IsALeaderOfItsOwnSession) {
  EXPECT_EQ(OutputOf(Shell("[ $(ps -o sid= -p $$) -eq $$ ] && echo yes")), "yes\n");
}

TEST_F(RunChild, HasTheLimitsItIsGivenAndNoCoreFiles) {
  rlimit core{};
  getrlimit(RLIMIT_CORE, &core);
  const rlimit any_core{core.rlim_max, core.rlim_max};
  setrlimit(RLIMIT_CORE, &any_core);
  ChildOptions options = Shell("ulimit -c; ulimit -n; ulimit -t; ulimit -v");
  options.limits = {{RLIMIT_NOFILE, 20}, {RLIMIT_CPU, 30}, {RLIMIT_AS, rlim_t{512} << 20}};
  EXPECT_EQ(OutputOf(options), "0\n20\n30\n524288\n");
  setrlimit(RLIMIT_CORE, &core);
}

TEST_F(RunChild, TakesNoMoreThanThisProcessMayHave) {
  rlimit own{};
  getrlimit(RLIMIT_NOFILE, &own);
  ChildOptions options = Shell("ulimit -n");
  options.limits = {{RLIMIT_NOFILE, own.rlim_max + 1}};
  EXPECT_EQ(OutputOf(options), std::to_string(own.rlim_max) + "\n");
}

TEST_F(RunChild, WorksWhereTheStandardDescriptorsAreClosed) {
  Input("hello\n");
  const UniqueFd in(fcntl(0, F_DUPFD_CLOEXEC, 10));
  const UniqueFd out(fcntl(1, F_DUPFD_CLOEXEC, 10));
  close(0);
  close(1);
  const std::string output = OutputOf(Shell("cat; echo bye"));
  dup2(in.get(), 0);
  dup2(out.get(), 1);
  EXPECT_EQ(output, "hello\nbye\n");
}

TEST_F(RunChild, SaysWhyItCannotStart) {
  const auto no_program = dir_.Write("text", "no program\n");
  const auto no_magic = dir_.Write("empty", "");
  fs::permissions(no_magic, fs::perms(0755));
  struct Row {
    std::string program;
    std::string folder;
    std::string argument;
    ErrorKind kind;
    const char* message;
  };
  const std::vector<Row> rows{
      {"/nowhere", "/", "", ErrorKind::Temporary, "start it: No such file or directory"},
      {no_program, "/", "", ErrorKind::Temporary, "start it: Permission denied"},
      {no_magic, "/", "", ErrorKind::Temporary, "start it: Exec format error"},
      {"/bin/true", "/nowhere", "", ErrorKind::Temporary,
       "enter its directory: No such file or directory"},
      {"/bin/true", "/", std::string(1 << 20, 'x'), ErrorKind::Permanent,
       "start it: Argument list too long"},
  };
  for (const Row& row : rows) {
    ChildOptions options = Shell("");
    options.argv = {row.program, row.argument};
    options.directory = row.folder;
    options.input = input_.get();
    const auto child = Child::Start(options);
    ASSERT_FALSE(child) << row.message;
    EXPECT_EQ(child.error().kind, row.kind) << row.message;
    EXPECT_EQ(child.error().message, row.message);
  }
}

TEST_F(RunChild, IsEndedWithItsWholeGroupWhenItsTimeIsUp) {
  const Leash leash(NameOf("leash"));
  const std::string script = "sleep 1000 > " + NameOf("leash") + " & sleep 1000";
  const ChildEnding ending = Run(Shell(script), seconds(2));
  EXPECT_EQ(ending.why, Why::TimeIsUp);
  EXPECT_EQ(ending.status->signal, SIGTERM);
  EXPECT_TRUE(leash.AwaitRelease());
}

TEST_F(RunChild, IsKilledWhenItDoesNotListen) {
  const Leash leash(NameOf("leash"));
  const std::string script =
      "trap '' TERM; exec > " + NameOf("leash") + "; while :; do sleep 1; done";
  const ChildEnding ending = Run(Shell(script), milliseconds(100));
  EXPECT_EQ(ending.why, Why::TimeIsUp);
  EXPECT_EQ(ending.status->signal, SIGKILL);
  EXPECT_TRUE(leash.AwaitRelease());
}

TEST_F(RunChild, MayPutThingsInOrderWhenItsTimeIsUp) {
  const std::string script =
      "trap 'echo bye; exit 0' TERM; echo hello; while :; do sleep 0.05; done";
  const ChildEnding ending = Run(Shell(script), milliseconds(500));
  EXPECT_EQ(ending.why, Why::TimeIsUp);
  EXPECT_THAT(ending.output, AllOf(StartsWith("hello\n"), EndsWith("bye\n")));
}

TEST_F(RunChild, IsEndedWhenThisProgramStops) {
  const Leash leash(NameOf("leash"));
  const std::string script = "echo > " + NameOf("leash") + "; trap '' TERM; sleep 1000 > " +
                             NameOf("leash") + " & wait; while :; do sleep 1; done";
  std::thread stopper([&] {
    EXPECT_TRUE(leash.AwaitTaken());
    stop_ = true;
  });
  const ChildEnding ending = Run(Shell(script));
  stopper.join();
  EXPECT_EQ(ending.why, Why::Stopped);
  EXPECT_TRUE(leash.AwaitRelease());
}

TEST_F(RunChild, ThatHasEndedIsNotTakenForStopped) {
  stop_ = true;
  ChildOptions options = Shell("exit 3");
  options.input = input_.get();
  auto child = Child::Start(options);
  ASSERT_TRUE(child);
  pollfd ended{child->ended(), POLLIN, 0};
  ASSERT_EQ(poll(&ended, 1, 20'000), 1);
  const ChildEnding ending = SeeThrough(std::move(*child), Patience(Duration::zero(), stop_));
  EXPECT_EQ(ending.why, Why::ByItself);
  EXPECT_EQ(ending.status->exit, 3);
}

TEST_F(RunChild, MayLeaveOthersBehindThatHoldItsOutput) {
  const ChildEnding ending = Run(Shell("sleep 1000 & echo $!; exit 0"));
  EXPECT_EQ(ending.why, Why::ByItself);
  ASSERT_THAT(ending.output, MatchesRegex("[0-9]+\n"));
  EXPECT_EQ(kill(std::stoi(ending.output), SIGKILL), 0) << "it goes on";
}

TEST_F(RunChild, MayLeaveOneBehindThatWritesWithoutEnd) {
  const ChildEnding ending = Run(Shell("yes & exit 0"));
  EXPECT_EQ(ending.why, Why::ByItself);
  EXPECT_EQ(ending.status->exit, 0);
}

TEST_F(RunChild, IsKilledWhereNobodySeesItThrough) {
  const Leash leash(NameOf("leash"));
  {
    ChildOptions options =
        Shell("echo > " + NameOf("leash") + "; exec sleep 1000 > " + NameOf("leash"));
    options.input = input_.get();
    const auto child = Child::Start(options);
    ASSERT_TRUE(child);
    ASSERT_TRUE(leash.AwaitTaken());
  }
  EXPECT_TRUE(leash.AwaitRelease());
}

}  // namespace
}  // namespace relay
