// Several processes deliver from one store while another accepts posts; they are killed at random,
// replaced, slow beyond their leases, and the other side fails. What they wrote down and what the
// store holds must fit together: see checker.h.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <iostream>
#include <list>
#include <optional>
#include <random>

#include "fault/queue/checker.h"
#include "fault/queue/claimers.h"
#include "fault/queue/scenario.h"
#include "store/sqlite_store.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

using std::chrono::milliseconds;

constexpr int kProcesses = 3;

class Run {
 public:
  Run(int sessions, unsigned seed)
      : sessions_(sessions), seed_(seed), started_(FastClock::Steady::now()), random_(seed) {
    auto store = SqliteStore::Open(database(), sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    store_ = std::move(*store);
  }

  // Until nothing is left to be done.
  void Go() {
    accepting_.emplace(Command("accept", std::to_string(sessions_)));
    for (int i = 0; i < kProcesses; ++i) StartDelivering();
    std::size_t next_kill = 0;
    while (accepting_ || SomethingWaits()) {
      Watch();
      if (testing::Test::HasFatalFailure()) return;
      // By what was done, not by the time: a slow machine must get somewhere between two kills,
      // too.
      if (Written() < next_kill) continue;
      KillOne();
      next_kill = Written() + 500 + random_() % 3000;
    }
    for (Process& process : delivering_) {
      EXPECT_EQ(process.Stop().code, 0) << process.err();
    }
  }

  int kills() const { return kills_; }

  History Collected() {
    History history;
    history.actions = Rules();
    history.posts = Schedule(sessions_, seed_);
    for (const auto& file : journals_) {
      const auto records = ReadJournal(file);
      history.records.insert(history.records.end(), records.begin(), records.end());
    }
    EXPECT_TRUE(store_
                    ->ListPosts(0,
                                [&](const PostSummary& post) {
                                  const auto place = static_cast<std::size_t>(post.id.value);
                                  if (history.stored.size() < place) history.stored.resize(place);
                                  history.stored[place - 1] = post.session_id;
                                })
                    .ok());
    EXPECT_TRUE(
        store_
            ->ListDeliveries(
                {}, 0, [&](const Delivery& delivery) { history.deliveries.push_back(delivery); })
            .ok());
    return history;
  }

 private:
  std::string database() const { return dir_.path() / "relay.db"; }

  ProcessOptions Command(const std::string& what, const std::string& argument) {
    const auto started = std::chrono::floor<std::chrono::microseconds>(started_.time_since_epoch());
    return {.argv = {RELAY_QUEUE_PROCESS, what, database(), std::to_string(started.count()),
                     std::to_string(seed_), argument}};
  }

  void StartDelivering() {
    journals_.push_back(dir_.path() / fmt::format("journal-{}", journals_.size()));
    ProcessOptions command = Command("deliver", journals_.back());
    command.argv[4] = std::to_string(random_());
    delivering_.emplace_back(command);
  }

  // For a moment. No process may end by itself but the one that accepts, once it is done.
  void Watch() {
    ASSERT_FALSE(delivering_.front().Wait(milliseconds(10))) << delivering_.front().err();
    for (Process& process : delivering_) ASSERT_TRUE(process.running()) << process.err();
    if (!accepting_) return;
    if (const auto status = accepting_->Wait(milliseconds(0))) {
      ASSERT_EQ(status->code, 0) << accepting_->err();
      accepting_.reset();
    }
  }

  // How many records there are in all journals.
  std::size_t Written() const {
    std::size_t bytes = 0;
    for (const auto& file : journals_) {
      if (std::filesystem::exists(file)) bytes += std::filesystem::file_size(file);
    }
    return bytes / sizeof(Record);
  }

  // And starts another in its place.
  void KillOne() {
    if (accepting_ && random_() % 8 == 0) {
      Kill(*accepting_);
      accepting_.emplace(Command("accept", std::to_string(sessions_)));
      return;
    }
    const auto victim = std::next(delivering_.begin(), static_cast<long>(random_() % kProcesses));
    Kill(*victim);
    delivering_.erase(victim);
    StartDelivering();
  }

  void Kill(Process& process) {
    process.Signal(SIGKILL);
    ASSERT_TRUE(process.Wait(std::chrono::minutes(1)));
    ++kills_;
  }

  // What a claim could find now or later. What stands behind a dead delivery cannot be found.
  bool SomethingWaits() {
    std::vector<std::string> actions;
    for (const ActionRules& rules : Rules()) actions.push_back(rules.name);
    const auto next = store_->NextDue(actions);
    EXPECT_TRUE(next.ok());
    return !next || next->has_value();
  }

  TempDir dir_;
  const int sessions_;
  const unsigned seed_;
  const FastClock::Steady::time_point started_;
  std::mt19937 random_;
  std::unique_ptr<Store> store_;
  std::vector<std::filesystem::path> journals_;
  std::optional<Process> accepting_;
  std::list<Process> delivering_;
  int kills_ = 0;
};

void ExpectPromisesKept(int sessions) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Run run(sessions, seed);
  run.Go();
  if (testing::Test::HasFatalFailure()) return;

  const Verdict verdict = Judge(run.Collected());
  std::cout << verdict.Summary() << run.kills() << " kills, seed " << seed << "\n";
  EXPECT_TRUE(verdict.faults.empty()) << verdict.Summary();
  EXPECT_EQ(verdict.sessions, static_cast<std::size_t>(sessions));
  EXPECT_EQ(verdict.done + verdict.dead + verdict.held_back, verdict.deliveries);
  EXPECT_LE(verdict.never_begun,
            static_cast<std::size_t>(run.kills() * kClaimersOfAProcess * kClaimsOfATurn));
  // Otherwise the run has not met what it is about.
  EXPECT_GT(run.kills(), 0);
  EXPECT_GT(verdict.never_ended, 0u);
  EXPECT_GT(verdict.taken_over, 0u);
  EXPECT_GT(verdict.late_finishers, 0u);
  EXPECT_GT(verdict.held_back, 0u);
}

TEST(QuickRun, KeepsItsPromisesToAHundredThousandSessions) {
  ExpectPromisesKept(100'000);
}

TEST(SlowRun, KeepsItsPromisesToHalfAMillionSessions) {
  ExpectPromisesKept(500'000);
}

}  // namespace
}  // namespace relay::test
