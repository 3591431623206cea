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

// Also while probing: a minute is no hammering, and an hour after the return is long to wait.
constexpr Duration kProbeAtLeast = std::chrono::minutes(1);

ClaimRequest RequestFor(const ActionConfig& action, Turn turn) {
  const Duration lease = action.timeout + kLeaseMargin;
  const Duration furthest =
      std::max<Duration>({lease, action.retry.max + action.retry.max / 5, std::chrono::hours(1)});
  return {
      .action = action.name,
      .concurrency = action.concurrency,
      .lease = lease,
      .turn = turn,
      .circuit = {.first = action.retry.first, .most = std::min(action.retry.max, kProbeAtLeast)},
      .furthest = furthest + std::chrono::minutes(1)};
}

std::string Describe(const ActionConfig& action, const Claim& claim) {
  return fmt::format("delivery {} of post {} by action {}, attempt {}", ToString(claim.delivery.id),
                     ToString(claim.delivery.post), action.name, claim.attempt);
}

}  // namespace

Deliverer::Deliverer(std::shared_ptr<const Config> config, std::unique_ptr<Store> store,
                     const Clock& clock, const Log& log)
    : config_(std::move(config)), clock_(clock), log_(log), store_(std::move(store)) {
  for (const ActionConfig& action : config_->actions) lines_.push_back({&action});
}

Deliverer::~Deliverer() {
  Stop(Duration::zero());
}

void Deliverer::Start() {
  StartWorkers(Until::Stopped);
}

std::int64_t Deliverer::RunOnce() {
  StartWorkers(Until::NothingDue);
  Join();
  return tries_;
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
    const ActionConfig& action = *job->line->action;
    Outcome outcome;
    try {
      outcome = attempter.Try(action, job->claim, job->post, std::move(job->transcript));
    } catch (const std::exception& error) {
      outcome = {OutcomeKind::Retry, "internal error", {}};
      log_.Error(fmt::format("{}: {}", Describe(action, job->claim), error.what()));
    }
    Record(*job->line, job->claim, outcome);
    --busy_;
    work_.Notify();
  }
  work_.Notify();  // the next idle worker is to end, too
}

std::optional<Deliverer::Job> Deliverer::NextJob(Until until) {
  const std::lock_guard watching(watch_);
  while (!stopping_) {
    const Time now = clock_.Now();
    auto claimed = ClaimAny(now);
    if (claimed && *claimed) {
      ++busy_;
      ++tries_;
      if (auto job = TakeUp(std::move(**claimed))) return job;
      --busy_;
      continue;
    }
    if (!claimed) log_.Error("claim a delivery: " + claimed.error().message);
    if (until == Until::NothingDue && busy_ == 0) return std::nullopt;
    work_.WaitFor(claimed ? UntilNextDue(now) : kPoll);
  }
  return std::nullopt;
}

Result<std::optional<Deliverer::Claimed>> Deliverer::ClaimAny(Time now) {
  const std::lock_guard lock(store_mutex_);
  const auto paused = store_->PausedActions();
  if (!paused) return paused.error();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::size_t place = (next_line_ + i) % lines_.size();
    Line& line = lines_[place];
    const bool waits = std::any_of(paused->begin(), paused->end(), [&](const ActionPause& pause) {
      return pause.action == line.action->name;
    });
    if (waits) continue;
    auto claim = ClaimOf(line, now);
    if (!claim) return claim.error();
    if (!*claim) continue;
    next_line_ = (place + 1) % lines_.size();  // every action gets its turn
    return std::optional(Claimed{&line, std::move(**claim)});
  }
  return std::optional<Claimed>();
}

Result<std::optional<Claim>> Deliverer::ClaimOf(Line& line, Time now) {
  auto answer = store_->ClaimDue(RequestFor(*line.action, line.turn), now);
  if (!answer) return answer.error();
  if (auto* claim = std::get_if<Claim>(&*answer)) {
    line.turn = line.turn == Turn::New ? Turn::Retried : Turn::New;
    return std::optional(std::move(*claim));
  }
  if (std::get<ClaimRefusal>(*answer) == ClaimRefusal::CircuitOpen) {
    auto left = LeaveAlone(line, now);
    if (!left) return left.error();
  }
  return std::optional<Claim>();
}

Result<void> Deliverer::LeaveAlone(Line& line, Time now) {
  const ActionConfig& action = *line.action;
  if (!line.left_alone) {
    line.left_alone = true;
    log_.Warning(fmt::format(
        "action {}: its destination fails again and again; it is asked now and then until it "
        "answers",
        action.name));
  }
  // Without tries nothing would find out that it has become too old.
  auto dead = store_->GiveUp({action.name, now - action.retry.give_up, action.on_dead}, now);
  if (!dead) return dead.error();
  if (*dead > 0) {
    log_.Error(fmt::format(
        "action {}: {} deliveries are dead, given up because of their age; to try them again: "
        "rescue-relay queue retry --action {} --state dead",
        action.name, *dead, action.name));
  }
  return {};
}

std::optional<Deliverer::Job> Deliverer::TakeUp(Claimed claimed) {
  auto job = ReadJob(claimed);
  if (job) return std::move(*job);
  const bool again = job.error().kind == ErrorKind::Temporary;
  const Outcome outcome{again ? OutcomeKind::Retry : OutcomeKind::Dead, job.error().message, {}};
  Record(*claimed.line, claimed.claim, outcome);
  return std::nullopt;
}

Result<Deliverer::Job> Deliverer::ReadJob(const Claimed& claimed) {
  const std::lock_guard lock(store_mutex_);
  const Delivery& delivery = claimed.claim.delivery;
  auto post = store_->FindPost(delivery.post);
  if (!post) return post.error();
  if (!*post) return Error{ErrorKind::Corrupt, "its post is not in the store"};
  auto transcript = store_->Transcript(delivery.session_id, delivery.post);
  if (!transcript) return transcript.error();
  return Job{claimed.line, claimed.claim, std::move(**post), std::move(*transcript)};
}

Finish Deliverer::FinishOf(const ActionConfig& action, const Claim& claim, const Outcome& outcome,
                           Time now) {
  Finish finish{claim.delivery.id, claim.attempt,  DeliveryState::Due, now,
                outcome.reason,    action.on_dead, outcome.reach};
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

void Deliverer::Record(Line& line, const Claim& claim, const Outcome& outcome) {
  const ActionConfig& action = *line.action;
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
  if (outcome.reach == Reach::Answered && std::exchange(line.left_alone, false)) {
    log_.Info(fmt::format("action {}: its destination answers again", action.name));
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
