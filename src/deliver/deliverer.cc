// The dispatcher and its turns. deliverer_claim.cc and deliverer_record.cc have the two halves of a
// turn.
#include "deliver/deliverer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/trace.h"
#include "deliver/attempt.h"
#include "deliver/describe.h"

namespace relay {
namespace {

// Other processes put work into the queue, too; this is how soon it is seen.
constexpr Duration kPoll = std::chrono::seconds(1);

constexpr auto kComplainEvery = std::chrono::minutes(1);

}  // namespace

Deliverer::Deliverer(std::shared_ptr<const Config> config, std::unique_ptr<Store> store,
                     const Clock& clock, const Log& log, Measurements& measurements)
    : config_(std::move(config)),
      clock_(clock),
      log_(log),
      measurements_(measurements),
      store_(std::move(store)) {
  for (const ActionConfig& action : config_->actions) lines_.push_back({&action});
}

Deliverer::~Deliverer() {
  Stop(Duration::zero());
}

void Deliverer::Start() {
  dispatcher_ = std::thread([this] { Dispatch(Until::Stopped); });
}

std::int64_t Deliverer::RunOnce() {
  Dispatch(Until::NothingDue);
  return tries_;
}

void Deliverer::Stop(Duration grace) {
  if (!dispatcher_.joinable()) return;
  stopping_ = true;
  work_.Notify();
  stopped_.WaitFor(grace);
  aborting_ = true;
  dispatcher_.join();
}

void Deliverer::Dispatch(Until until) {
  Workers workers(
      config_->delivery.workers, [this] { return MakeTry(); }, work_);
  for (;;) {
    Result<bool> claimed = false;
    try {
      claimed = TakeTurn(workers);
    } catch (const std::exception& error) {
      claimed = Error{ErrorKind::Permanent, error.what()};
    }
    if (!claimed) Complain(claimed.error().message);
    const bool finished = workers.busy() == 0 && ended_.empty();
    if (finished && stopping_) break;
    if (finished && until == Until::NothingDue && !(claimed && *claimed)) break;
    const bool ready_for_more = claimed && workers.idle() > 0 && ended_.empty() && !stopping_;
    work_.WaitFor(ready_for_more ? UntilNextDue() : kPoll);
  }
  stopped_.Notify();
}

Workers::Try Deliverer::MakeTry() {
  auto attempter = std::make_shared<Attempter>(config_, store_->store_id(), aborting_);
  return [this, attempter](Job& job) -> Outcome {
    try {
      return attempter->Try(*job.line->action, job.claim, job.post, std::move(job.transcript),
                            job.trace_id);
    } catch (const std::exception& error) {
      log_.Error("an attempt failed for no foreseen reason",
                 Describe(job.claim, {{"error", error.what()}, {"trace_id", job.trace_id}}));
      return {OutcomeKind::Retry, "internal error", {}};
    }
  };
}

Result<bool> Deliverer::TakeTurn(Workers& workers) {
  for (Ended& ended : workers.TakeEnded()) ended_.push_back(std::move(ended));
  auto claimed = RecordAndClaim(stopping_ ? 0 : workers.idle());
  if (!claimed) return claimed.error();
  for (Claimed& one : *claimed) TakeUp(std::move(one), workers);
  return !claimed->empty();
}

Result<std::vector<Claimed>> Deliverer::RecordAndClaim(std::size_t room) {
  const Time now = clock_.Now();
  std::vector<Claimed> claimed;
  // Alone first, which takes the lock of the store only where there is something to claim.
  if (ended_.empty()) {
    auto first = ClaimUpTo(std::min<std::size_t>(room, 1), now, claimed);
    if (!first) return first.error();
    if (claimed.empty()) return claimed;
    trouble_.clear();
  }
  if (ended_.empty() && claimed.size() == room) return claimed;
  const std::size_t before = claimed.size();
  std::vector<Recorded> recorded;
  auto done = store_->Together([&] {
    for (const Ended& ended : ended_) recorded.push_back(Record(ended, now));
    return ClaimUpTo(room, now, claimed);
  });
  if (!done) {
    claimed.resize(before);
    for (Recorded& one : recorded) one.result = done.error();
    Complain(done.error().message);
  } else {
    trouble_.clear();
    measurements_.Add(kSyncTime, "", store_->LastSync());
  }
  Settle(recorded);
  return claimed;
}

void Deliverer::Complain(const std::string& trouble) {
  const auto now = std::chrono::steady_clock::now();
  if (trouble == trouble_ && now - complained_ < kComplainEvery) return;
  trouble_ = trouble;
  complained_ = now;
  log_.Error("record and claim deliveries: " + trouble);
}

void Deliverer::TakeUp(Claimed claimed, Workers& workers) {
  ++tries_;
  auto job = ReadJob(claimed);
  if (job) return workers.Give(std::move(*job));
  const bool again = job.error().kind == ErrorKind::Temporary;
  const Outcome outcome{again ? OutcomeKind::Retry : OutcomeKind::Dead, job.error().message, {}};
  ended_.push_back({claimed.line, std::move(claimed.claim), outcome});
  work_.Notify();
}

Result<Job> Deliverer::ReadJob(const Claimed& claimed) {
  const Delivery& delivery = claimed.claim.delivery;
  auto post = store_->FindPost(delivery.post);
  if (!post) return post.error();
  if (!*post) return Error{ErrorKind::Corrupt, "its post is not in the store"};
  const bool is_first = (*post)->session.posts == 1;
  auto transcript = is_first ? Result<std::string>((*post)->post.facts.adds)
                             : store_->Transcript(delivery.session_id, delivery.post);
  if (!transcript) return transcript.error();
  std::string trace_id = TraceIdOf((*post)->post.raw.trace_id, store_->store_id(), delivery.post);
  return Job{claimed.line, claimed.claim, std::move(**post), std::move(*transcript),
             std::move(trace_id)};
}

Duration Deliverer::UntilNextDue() {
  std::vector<std::string> names;
  for (const ActionConfig& action : config_->actions) names.push_back(action.name);
  const auto due = store_->NextDue(names);
  if (!due || !*due) return kPoll;
  const Time now = clock_.Now();
  // What is due already waits for a paused action or for one that is at its limit.
  return **due <= now ? kPoll : std::min(kPoll, **due - now);
}

}  // namespace relay
