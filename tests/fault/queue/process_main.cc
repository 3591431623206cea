// One process of a run of the queue, to be killed at any time.
//
//   fault_queue_process accept  DATABASE STARTED SEED SESSIONS
//   fault_queue_process deliver DATABASE STARTED SEED JOURNAL
//
// STARTED is what the monotonic clock said, in microseconds, when the run began.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "fault/queue/claimers.h"
#include "fault/queue/insist.h"
#include "store/sqlite_store.h"

// A process that is killed loses nothing that it has written; to sync is for machines that fall,
// and would take most of the time of a run.
extern "C" int fdatasync(int) {
  return 0;
}

namespace relay::test {
namespace {

volatile sig_atomic_t stopping = 0;

FastClock ClockSince(const char* microseconds) {
  return FastClock(
      FastClock::Steady::time_point(std::chrono::microseconds(std::stoll(microseconds))));
}

std::size_t StoredPosts(Store& store) {
  std::int64_t newest = 0;
  Insist(
      [&] { return store.ListPosts(1, [&](const PostSummary& post) { newest = post.id.value; }); });
  return static_cast<std::size_t>(newest);
}

// Whether what is due has waited for a second of ours. Then posts wait, too:
// otherwise a lapsed claim would be found only after all of them.
bool FallsBehind(Store& store, const FastClock& clock) {
  std::vector<std::string> actions;
  for (const ActionRules& rules : Rules()) actions.push_back(rules.name);
  const auto next = Insist([&] { return store.NextDue(actions); });
  return next && *next + std::chrono::seconds(1000) < clock.Now();
}

Result<void> AcceptAll(Store& store, const std::vector<NewPost>& batch) {
  for (const auto& accepted : store.Accept(batch)) {
    if (!accepted) return accepted.error();
  }
  return {};
}

// Posts all that is not stored yet, and some of what is, as a sender does that got no answer.
void Accept(const std::string& database, const FastClock& clock, unsigned seed, int sessions) {
  const auto store = Insist([&] { return SqliteStore::Open(database, sql::OpenMode::ReadWrite); });
  const auto schedule = Schedule(sessions, seed);
  const std::size_t stored = StoredPosts(*store);
  std::minstd_rand random(seed + static_cast<unsigned>(stored));
  for (std::size_t next = stored - std::min<std::size_t>(stored, 10); next < schedule.size();) {
    if (FallsBehind(*store, clock)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    const std::size_t end = std::min(next + 1 + random() % 100, schedule.size());
    std::vector<NewPost> batch;
    for (; next < end; ++next) batch.push_back(PostOf(schedule[next], next, clock.Now()));
    Insist([&] { return AcceptAll(*store, batch); });
  }
}

void DeliverInThread(const std::string& database, const FastClock& clock, const Journal& journal,
                     unsigned seed) try {
  Claimer claimer(database, clock, journal, seed);
  while (stopping == 0) {
    // Other processes may have made something due, and do not say so.
    if (!claimer.TakeTurn()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  claimer.End();
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  _exit(1);
}

void Deliver(const std::string& database, const FastClock& clock, unsigned seed,
             const std::string& file) {
  signal(SIGTERM, [](int) { stopping = 1; });
  const Journal journal(file);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < kClaimersOfAProcess; ++i) {
    threads.emplace_back([&, i] { DeliverInThread(database, clock, journal, seed + i); });
  }
}

int Run(const std::vector<std::string>& arguments) {
  const std::string& database = arguments.at(1);
  const FastClock clock = ClockSince(arguments.at(2).c_str());
  const auto seed = static_cast<unsigned>(std::stoul(arguments.at(3)));
  if (arguments.at(0) == "accept") {
    Accept(database, clock, seed, std::stoi(arguments.at(4)));
  } else {
    Deliver(database, clock, seed, arguments.at(4));
  }
  return 0;
}

}  // namespace
}  // namespace relay::test

int main(int argc, char** argv) try {
  return relay::test::Run({argv + 1, argv + argc});
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
