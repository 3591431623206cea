// script.fcgi as a plain CGI is killed at any of its system calls. What it has answered is there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"

namespace relay::test {
namespace {

constexpr unsigned kCgiSeed = 20260101;

struct Call {
  std::string name;
  int number = 0;  // of the calls of this name
  bool replies = false;
};

// "write(1</path>, ..." of a trace.
std::vector<Call> CallsOf(const std::string& trace) {
  std::map<std::string, int> counts;
  std::vector<Call> calls;
  std::istringstream lines(trace);
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find('('));
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") != std::string::npos) {
      continue;  // about a signal, or the exit
    }
    calls.push_back({name, ++counts[name], line.find("stored ") != std::string::npos});
  }
  return calls;
}

class CgiKill : public testing::Test {
 protected:
  CgiKill() : installation_("[delivery]\nrun_in = \"service\"\n" + MarkAction(sink_.port())) {}

  // Posts under strace with these options.
  void Run(const std::vector<std::string>& options) {
    SentPost post{"1", fmt::format("P{}", sent_.size()), 0, {}};
    std::vector<std::string> strace = {"strace"};
    strace.insert(strace.end(), options.begin(), options.end());
    const std::string form = "SessionID=" + post.session + "&Tracking0=" + post.mark;
    const std::string out = RunToEnd(installation_.CgiPost(form, strace)).out;
    const size_t at = out.find("stored ");
    if (at == std::string::npos) {
      ++post.unanswered;
    } else {
      post.reply = PostReply{200, "", out.substr(at)};
    }
    sent_.push_back(post);
  }

  void RunAndKillAt(const Call& call) {
    Run({"-o", "/dev/null", "-e",
         fmt::format("inject={}:signal=KILL:when={}", call.name, call.number)});
  }

  HttpSink sink_;
  Installation installation_;
  std::vector<SentPost> sent_;
};

TEST_F(CgiKill, AtAnySystemCallLosesNothingThatWasAnswered) {
  const auto trace = installation_.dir() / "trace";
  Run({"-s", "1000", "-o", trace});  // makes the store
  Run({"-s", "1000", "-o", trace});
  const std::vector<Call> calls = CallsOf(ReadFile(trace));
  const auto reply =
      std::find_if(calls.begin(), calls.end(), [](const Call& call) { return call.replies; });
  ASSERT_TRUE(calls.end() - reply >= 2 && reply - calls.begin() >= 10);

  for (auto call = reply - 10; call < reply + 2; ++call) RunAndKillAt(*call);
  std::mt19937 random(kCgiSeed);
  for (int i = 0; i < 8; ++i) {
    RunAndKillAt(calls[std::uniform_int_distribution<size_t>(0, calls.size() - 1)(random)]);
  }
  const Finished delivered = installation_.Relay({"deliver", "--once"});
  EXPECT_EQ(delivered.code, 0) << delivered.err;

  ExpectIntact(installation_);
  const auto stored = ReadStore(installation_);
  const StoreAudit audit = Audit(sent_, stored);
  fmt::print(
      "survived 20 kills: {} acknowledged, missing {}, spurious {}; {} in doubt, {} of them "
      "stored\n",
      audit.acknowledged, audit.missing, audit.spurious, audit.in_doubt_kept + audit.in_doubt_lost,
      audit.in_doubt_kept);
  ExpectNothingMissingOrSpurious(audit);
  EXPECT_GT(audit.in_doubt_lost, 0U) << "no kill came before the commit";
  EXPECT_GT(audit.in_doubt_kept, 0U) << "no kill came between the commit and the reply";
  EXPECT_GT(audit.acknowledged, 2U) << "no kill came after the reply";
  ExpectAllDelivered(sink_.requests(), stored);
}

}  // namespace
}  // namespace relay::test
