#include "deliver/deliverer.h"

#include <fmt/format.h>

#include <algorithm>

#include "deliver/retry_policy.h"

namespace relay {
namespace {

// Other processes put work into the queue, too; this is how soon it is seen.
constexpr Duration kPoll = std::chrono::seconds(1);

// What an attempt may take on top of its time-out before another worker may take over: reading the
// post, rendering it (a third of a second for 16 MiB of chat) and recording the end, which may wait
// for another process's commit. One that takes longer costs a repeat under the same key. A crash
// makes the deliveries it cut short, and their sessions, wait for all of the lease: keep it short.
constexpr Duration kLeaseMargin = std::chrono::seconds(5);

std::string Describe(const ActionConfig& action, const Claim& claim) {
  return fmt::format("delivery {} of post {} by action {}, attempt {}", ToString(claim.delivery.id),
                     ToString(claim.delivery.post), action.name, claim.attempt);
}

}  // namespace

Deliverer::Deliverer(std::shared_ptr<const Config> config, std::unique_ptr<Store> store,
                     const Clock& clock, const Log& log)
    : config_(std::move(config)), clock_(clock), log_(log), store_(std::move(store)) {}

Deliverer::~Deliverer() {
  Stop(Duration::zero());
}

void Deliverer::Start() {
  StartWorkers(Until::Stopped);
}

void Deliverer::RunOnce() {
  StartWorkers(Until::NothingDue);
  Join();
}

void Deliverer::StartWorkers(Until until) {
  for (int i = 0; i < config_->delivery.workers; ++i) {
    workers_.emplace_back([this, until] { Work(until); });
  }
}

void Deliverer::Join() {
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void Deliverer::Stop(Duration grace) {
  stopping_ = true;
  work_.Notify();
  const auto deadline = std::chrono::steady_clock::now() + grace;
  while (busy_ > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  aborting_ = true;
  Join();
}

void Deliverer::Work(Until until) {
  Attempter attempter(config_, store_->store_id(), aborting_);
  while (auto job = NextJob(until)) {
    Outcome outcome;
    try {
      outcome = attempter.Try(*job->action, job->claim, job->post, std::move(job->transcript));
    } catch (const std::exception& error) {
      outcome = {OutcomeKind::Retry, "internal error", {}};
      log_.Error(fmt::format("{}: {}", Describe(*job->action, job->claim), error.what()));
    }
    Record(*job->action, job->claim, outcome);
    --busy_;
    work_.Notify();
  }
  work_.Notify();  // the next idle worker is to end, too
}

std::optional<Deliverer::Job> Deliverer::NextJob(Until until) {
  const std::lock_guard watching(turn_);
  while (!stopping_) {
    const Time now = clock_.Now();
    auto job = ClaimAny(now);
    if (job && *job) {
      ++busy_;
      return std::move(*job);
    }
    if (!job) log_.Error("claim a delivery: " + job.error().message);
    if (until == Until::NothingDue && busy_ == 0) return std::nullopt;
    work_.WaitFor(job ? UntilNextDue(now) : kPoll);
  }
  return std::nullopt;
}

Result<std::optional<Deliverer::Job>> Deliverer::ClaimAny(Time now) {
  const std::lock_guard lock(store_mutex_);
  const auto paused = store_->PausedActions();
  if (!paused) return paused.error();
  const auto& actions = config_->actions;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const ActionConfig& action = actions[(next_action_ + i) % actions.size()];
    const bool waits = std::any_of(paused->begin(), paused->end(), [&](const ActionPause& pause) {
      return pause.action == action.name;
    });
    if (waits) continue;
    auto answer =
        store_->ClaimDue({action.name, action.concurrency, action.timeout + kLeaseMargin}, now);
    if (!answer) return answer.error();
    auto* claim = std::get_if<Claim>(&*answer);
    if (claim == nullptr) continue;
    next_action_ = (next_action_ + i + 1) % actions.size();  // every action gets its turn
    return TakeUp(action, std::move(*claim));
  }
  return std::optional<Job>();
}

Result<std::optional<Deliverer::Job>> Deliverer::TakeUp(const ActionConfig& action, Claim claim) {
  auto post = store_->FindPost(claim.delivery.post);
  if (!post) return post.error();
  if (!*post) {
    const Finish finish{
        claim.delivery.id, claim.attempt, DeliveryState::Dead, {}, "its post is not in the store",
        action.on_dead};
    auto finished = store_->Finish(finish, clock_.Now());
    if (!finished) return finished.error();
    return std::optional<Job>();
  }
  auto transcript = store_->Transcript(claim.delivery.session_id, claim.delivery.post);
  if (!transcript) return transcript.error();
  return std::optional(Job{&action, std::move(claim), std::move(**post), std::move(*transcript)});
}

Finish Deliverer::FinishOf(const ActionConfig& action, const Claim& claim, const Outcome& outcome,
                           Time now) {
  Finish finish{claim.delivery.id, claim.attempt, DeliveryState::Due, now,
                outcome.reason,    action.on_dead};
  switch (outcome.kind) {
    case OutcomeKind::Done:
      finish.state = DeliveryState::Done;
      break;
    case OutcomeKind::Dead:
      finish.state = DeliveryState::Dead;
      break;
    case OutcomeKind::Retry:
      if (GivesUp(action.retry, claim.delivery.created_at, now)) {
        finish.state = DeliveryState::Dead;
        finish.error = "given up because of its age: " + outcome.reason;
      } else {
        const double random = std::uniform_real_distribution<>(0, 1)(random_);
        finish.next_try =
            now + RetryDelay(action.retry, claim.attempt, outcome.retry_after, random);
      }
      break;
    case OutcomeKind::AuthRefused:
    case OutcomeKind::Interrupted:
      break;
  }
  return finish;
}

void Deliverer::Record(const ActionConfig& action, const Claim& claim, const Outcome& outcome) {
  const std::lock_guard lock(store_mutex_);
  const Time now = clock_.Now();
  if (outcome.kind == OutcomeKind::AuthRefused) {
    const std::string reason = outcome.reason + ": the credentials were refused";
    const auto paused = store_->PauseAction(action.name, reason, now);
    log_.Error(
        fmt::format("action {} is paused: {}; once they are right: rescue-relay action "
                    "resume {}",
                    action.name, reason, action.name));
    if (!paused) log_.Error("pause an action: " + paused.error().message);
  }
  const Finish finish = FinishOf(action, claim, outcome, now);
  const auto recorded = store_->Finish(finish, now);
  if (!recorded) {
    log_.Error(fmt::format("{}: its end could not be recorded, it will be repeated: {}",
                           Describe(action, claim), recorded.error().message));
  } else if (*recorded == FinishResult::LostClaim) {
    log_.Warning(Describe(action, claim) + ": its lease had ended, another worker has it");
  } else if (outcome.kind != OutcomeKind::Done) {
    LogFailure(action, claim, finish);
  }
}

void Deliverer::LogFailure(const ActionConfig& action, const Claim& claim,
                           const Finish& finish) const {
  if (finish.state == DeliveryState::Dead) {
    log_.Error(fmt::format("{} is dead: {}; to try again: rescue-relay queue retry {}",
                           Describe(action, claim), finish.error, ToString(finish.id)));
  } else {
    log_.Warning(fmt::format("{} failed: {}; next try at {}", Describe(action, claim), finish.error,
                             FormatTime(finish.next_try)));
  }
}

Duration Deliverer::UntilNextDue(Time now) {
  std::vector<std::string> names;
  for (const ActionConfig& action : config_->actions) names.push_back(action.name);
  const std::lock_guard lock(store_mutex_);
  const auto due = store_->NextDue(names);
  if (!due || !*due) return kPoll;
  // What is due already waits for a paused action or for one that is at its limit.
  return **due <= now ? kPoll : std::min(kPoll, **due - now);
}

}  // namespace relay
