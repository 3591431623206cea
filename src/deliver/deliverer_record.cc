// Recording: what came of the tries that have ended.
#include <fmt/format.h>

#include "deliver/deliverer.h"
#include "deliver/describe.h"
#include "deliver/retry_policy.h"

namespace relay {
namespace {

std::string WhyPaused(const Outcome& outcome) {
  return outcome.reason + ": the credentials were refused";
}

}  // namespace

Deliverer::Recorded Deliverer::Record(const Ended& ended, Time now) {
  const Finish finish = FinishOf(ended, now);
  if (ended.outcome.kind == OutcomeKind::AuthRefused) {
    auto paused = store_->PauseAction(ended.line->action->name, WhyPaused(ended.outcome), now);
    if (!paused) return {finish, paused.error().Context("pause the action")};
  }
  return {finish, store_->Finish(finish, now)};
}

Finish Deliverer::FinishOf(const Ended& ended, Time now) {
  const ActionConfig& action = *ended.line->action;
  const Outcome& outcome = ended.outcome;
  Finish finish{ended.claim.delivery.id, ended.claim.attempt, DeliveryState::Due, now,
                outcome.reason,          action.on_dead,      outcome.reach,      outcome.answer};
  switch (outcome.kind) {
    case OutcomeKind::Done:
      finish.state = DeliveryState::Done;
      break;
    case OutcomeKind::Dead:
      finish.state = DeliveryState::Dead;
      break;
    case OutcomeKind::Retry:
      if (GivesUp(action.retry, ended.claim.delivery.created_at, now)) {
        finish.state = DeliveryState::Dead;
        finish.error = "given up because of its age: " + outcome.reason;
      } else {
        const double random = std::uniform_real_distribution<>(0, 1)(random_);
        finish.next_try =
            now + RetryDelay(action.retry, ended.claim.attempt, outcome.retry_after, random);
      }
      break;
    case OutcomeKind::AuthRefused:
    case OutcomeKind::Interrupted:
      break;
  }
  return finish;
}

void Deliverer::Settle(const std::vector<Recorded>& recorded) {
  std::vector<Ended> left;
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    Ended& ended = ended_[i];
    const auto& result = recorded[i].result;
    if (!result && IsWorthAnotherTry(ended, result.error())) {
      left.push_back(std::move(ended));
    } else {
      Report(ended, recorded[i]);
    }
  }
  ended_ = std::move(left);
}

// As long as the lease lasts nobody else can be at it.
bool Deliverer::IsWorthAnotherTry(const Ended& ended, const Error& error) const {
  const auto& lease_end = ended.claim.delivery.next_try;
  return error.kind == ErrorKind::Temporary && !stopping_ && lease_end && clock_.Now() < *lease_end;
}

void Deliverer::Report(const Ended& ended, const Recorded& recorded) const {
  const std::string& action = ended.line->action->name;
  const std::string delivery = Describe(ended.claim);
  if (!recorded.result) {
    log_.Error(fmt::format("{}: its end could not be recorded, it will be repeated: {}", delivery,
                           recorded.result.error().message));
    return;
  }
  if (ended.outcome.kind == OutcomeKind::AuthRefused) {
    log_.Error(
        fmt::format("action {} is paused: {}; once they are right: rescue-relay action resume {}",
                    action, WhyPaused(ended.outcome), action));
  }
  const Finish& finish = recorded.finish;
  if (*recorded.result == FinishResult::LostClaim) {
    log_.Warning(delivery + ": its lease had ended, another worker has it");
  } else if (finish.state == DeliveryState::Dead) {
    log_.Error(fmt::format("{} is dead: {}; to try again: rescue-relay queue retry {}", delivery,
                           finish.error, ToString(finish.id)));
  } else if (ended.outcome.kind != OutcomeKind::Done) {
    log_.Warning(fmt::format("{} failed: {}; next try at {}", delivery, finish.error,
                             FormatTime(finish.next_try)));
  }
  if (ended.outcome.reach == Reach::Answered && std::exchange(ended.line->left_alone, false)) {
    log_.Info(fmt::format("action {}: its destination answers again", action));
  }
}

}  // namespace relay
