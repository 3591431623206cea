// What a post costs, as ratios that hold on any machine: script.fcgi against the same loop with
// nothing behind it, side by side, several times in turn.
//
//   loop_bench [seconds of each measurement]
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bench/load.h"
#include "e2e/deployment.h"
#include "support/sockets.h"

namespace relay::bench {
namespace {

constexpr int kRounds = 5;

class Contestant {
 public:
  Contestant(std::string name, const std::filesystem::path& program, const std::string& config)
      : name_(std::move(name)), installation_(config), listener_(test::ListenOnUnix(socket())) {
    // Where the user it runs as finds it.
    const auto copy = installation_.dir() / "contestant";
    std::filesystem::copy_file(program, copy);
    test::ProcessOptions options = installation_.Command({copy});
    options.stdin_fd = listener_.get();
    process_.emplace(options);
  }

  void Measure(std::chrono::milliseconds duration) {
    const double cpu = CpuSeconds();
    results_.push_back(Load(FcgiTarget(socket()), {.duration = duration, .first = next_}));
    cpu_ += CpuSeconds() - cpu;
    posts_ += results_.back().posts;
    next_ += results_.back().posts;
  }

  const std::string& name() const { return name_; }
  // What the processor worked for one post, over all rounds: other load of the machine hardly
  // matters to it.
  std::chrono::duration<double, std::micro> CpuPerPost() const {
    return std::chrono::duration<double>(cpu_ / static_cast<double>(posts_));
  }
  // The round in the middle.
  LoadResult Median() const {
    auto sorted = results_;
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.per_second < b.per_second; });
    return sorted[sorted.size() / 2];
  }

 private:
  std::filesystem::path socket() const { return installation_.dir() / "socket"; }

  // Fields 14 and 15 of proc(5), /proc/pid/stat.
  double CpuSeconds() const {
    std::ifstream file(fmt::format("/proc/{}/stat", process_->pid()));
    std::string skipped;
    for (int i = 0; i < 13; ++i) file >> skipped;
    double user = 0;
    double system = 0;
    file >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  const std::string name_;
  const test::Installation installation_;
  test::UniqueFd listener_;
  std::optional<test::Process> process_;
  std::vector<LoadResult> results_;
  double cpu_ = 0;
  std::uint64_t posts_ = 0;
  std::uint64_t next_ = LoadOptions().first;
};

void Print(const Contestant& contestant, const Contestant& base) {
  const auto ms = [](std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
  };
  const LoadResult result = contestant.Median();
  fmt::print("{:<28} {:>8.0f}/s {:>6.2f} {:>7.2f} ms {:>7.2f} ms {:>8.1f} us {:>6.2f} {:>8.2f}\n",
             contestant.name(), result.per_second, result.per_second / base.Median().per_second,
             ms(result.median), ms(result.percentile_99), contestant.CpuPerPost().count(),
             contestant.CpuPerPost() / base.CpuPerPost(), result.own_cpu);
}

void Compare(std::chrono::milliseconds duration) {
  const std::string action =
      "[delivery]\nrun_in = \"service\"\n"
      "[action.crm]\ntype = \"http\"\nurl = \"http://127.0.0.1:9/{{ .Tracking0 }}\"\n"
      "when = '.event == \"started\" and .Tracking0 != \"\"'\njson = { text = \"{{ .transcript "
      "}}\" }\n";
  std::vector<std::unique_ptr<Contestant>> all;
  all.push_back(std::make_unique<Contestant>("nothing behind the loop", EMPTY_RESPONDER, ""));
  all.push_back(std::make_unique<Contestant>("script.fcgi, no action", SCRIPT_FCGI, ""));
  all.push_back(std::make_unique<Contestant>("script.fcgi, one action", SCRIPT_FCGI, action));
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& contestant : all) contestant->Measure(duration);
  }
  fmt::print("{:<28} {:>10} {:>6} {:>10} {:>10} {:>11} {:>6} {:>8}\n",
             "64 connections, 4.4 KB posts", "posts", "ratio", "50 %", "99 %", "CPU/post", "ratio",
             "own CPU");
  for (const auto& contestant : all) Print(*contestant, *all.front());
}

}  // namespace
}  // namespace relay::bench

int main(int argc, char** argv) try {
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 2;
  relay::bench::Compare(std::chrono::seconds(seconds > 0 ? seconds : 2));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
