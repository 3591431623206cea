// Recording: what came of the tries that have ended.
#include <fmt/format.h>

#include "deliver/deliverer.h"
#include "deliver/describe.h"
#include "deliver/retry_policy.h"

namespace relay {
namespace {

const char* OutcomeName(OutcomeKind kind, DeliveryState state) {
  if (state == DeliveryState::Dead) return "dead";  // by its age, whatever the attempt said
  switch (kind) {
    case OutcomeKind::Done:
      return "done";
    case OutcomeKind::Retry:
      return "failed";
    case OutcomeKind::Dead:
      return "dead";
    case OutcomeKind::AuthRefused:
      return "auth_refused";
    case OutcomeKind::Interrupted:
      return "interrupted";
  }
  return "";
}

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
  if (!recorded.result) {
    log_.Error("the end of an attempt could not be recorded, it will be repeated",
               Describe(ended.claim, {{"error", recorded.result.error().message},
                                      {"trace_id", ended.trace_id}}));
    return;
  }
  if (ended.outcome.kind == OutcomeKind::AuthRefused) {
    log_.Error("action is paused: put its credentials right, then resume it",
               {{"action", action},
                {"reason", WhyPaused(ended.outcome)},
                {"hint", "rescue-relay action resume " + action}});
  }
  if (*recorded.result == FinishResult::LostClaim) {
    log_.Warning("the lease of an attempt had ended, another worker has the delivery",
                 Describe(ended.claim, {{"trace_id", ended.trace_id}}));
  } else {
    Measure(ended, recorded.finish);
    ReportEnd(ended, recorded.finish);
  }
  if (ended.outcome.reach == Reach::Answered && std::exchange(ended.line->left_alone, false)) {
    log_.Info(fmt::format("action {}: its destination answers again", action));
  }
}

void Deliverer::Measure(const Ended& ended, const Finish& finish) const {
  const std::string& action = ended.line->action->name;
  measurements_.Add(kAttempts, action, OutcomeName(ended.outcome.kind, finish.state));
  if (ended.received_at == Time{}) return;  // its post could not be read, there was no attempt
  measurements_.Add(kAttemptTime, action, ended.took);
  if (finish.state == DeliveryState::Done) {
    measurements_.Add(kDeliveryTime, action, clock_.Now() - ended.received_at);
  }
}

void Deliverer::ReportEnd(const Ended& ended, const Finish& finish) const {
  switch (finish.state) {
    case DeliveryState::Done:
      if (config_->watch.log_posts) {
        log_.Info("delivery done", Describe(ended.claim, {{"trace_id", ended.trace_id}}));
      }
      return;
    case DeliveryState::Dead:
      log_.Error("delivery is dead",
                 Describe(ended.claim, {{"error", finish.error},
                                        {"hint", "rescue-relay queue retry " + ToString(finish.id)},
                                        {"trace_id", ended.trace_id}}));
      return;
    case DeliveryState::Due:
    case DeliveryState::Claimed:
    case DeliveryState::Held:
      log_.Warning("delivery failed",
                   Describe(ended.claim, {{"error", finish.error},
                                          {"next_try", FormatTime(finish.next_try)},
                                          {"trace_id", ended.trace_id}}));
      return;
  }
}

}  // namespace relay
