#include "watch/notifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/uuid.h"
#include "deliver/retry_policy.h"

namespace relay {
namespace {

// Of an attempt, beyond its time-out: rendering and recording.
constexpr Duration kLeaseMargin = std::chrono::seconds(5);

Notice NoticeOf(const Alert& alert, const std::vector<Notice>& notices) {
  for (const Notice& notice : notices) {
    if (notice.alert == alert.name && notice.action == alert.action) return notice;
  }
  return {.alert = alert.name, .action = alert.action};
}

// What the count of an alert says: how many died, or only how many wait now.
bool CountsNews(const Alert& alert) {
  return alert.name == "dead";
}

LogFields FieldsOf(const Alert& alert) {
  return {{"alert", alert.name}, {"action", alert.action}, {"count", alert.count}};
}

}  // namespace

Notifier::Notifier(std::shared_ptr<const Config> config, Store& store, const Log& log,
                   const std::atomic<bool>& stop)
    : config_(std::move(config)),
      action_config_(*config_->FindAction(config_->notify->action)),
      store_(store),
      log_(log),
      stop_(stop) {}

Result<void> Notifier::TellAll(Time now) {
  const auto alerts = FindAlerts(*config_, store_, now);
  if (!alerts) return alerts.error();
  const auto notices = store_.Notices();
  if (!notices) return notices.error();
  for (const Alert& alert : *alerts) {
    if (stop_) return {};
    auto considered = Consider(alert, NoticeOf(alert, *notices), now);
    if (!considered) return considered;
  }
  // What has died since an operator cleared the queue is news again.
  for (const Notice& notice : *notices) {
    const bool gone = std::ranges::none_of(*alerts, [&](const Alert& alert) {
      return alert.name == notice.alert && alert.action == notice.action;
    });
    if (!gone || notice.told_count == 0) continue;
    auto lowered = LowerCount(notice, 0);
    if (!lowered) return lowered;
  }
  return {};
}

Result<void> Notifier::LowerCount(const Notice& notice, std::int64_t count) {
  Notice next = notice;
  next.told_count = count;
  auto replaced = store_.ReplaceNotice(notice, next);
  if (!replaced) return replaced.error();
  return {};
}

Result<void> Notifier::Consider(const Alert& alert, const Notice& notice, Time now) {
  if (CountsNews(alert) && alert.count < notice.told_count) {
    return LowerCount(notice, alert.count);
  }
  return IsToBeTold(alert, notice, now) ? Tell(alert, notice, now) : Result<void>();
}

bool Notifier::IsToBeTold(const Alert& alert, const Notice& notice, Time now) const {
  if (CountsNews(alert) && alert.count == notice.told_count) return false;
  // A time that lies further ahead than any that is set was set before the clock was put back.
  const Duration furthest =
      std::max({config_->notify->every, action_config_.retry.max * 2, Lease()});
  return notice.next_at <= now || notice.next_at > now + furthest;
}

Duration Notifier::Lease() const {
  return action_config_.timeout + kLeaseMargin;
}

Result<void> Notifier::Tell(const Alert& alert, const Notice& notice, Time now) {
  Notice claimed = notice;
  ++claimed.attempts;
  claimed.next_at = now + Lease();
  auto mine = store_.ReplaceNotice(notice, claimed);
  if (!mine) return mine.error();
  if (!*mine) return {};  // another process is at it
  const Outcome outcome = Attempt(alert, claimed, now);
  const Notice ended = outcome.kind == OutcomeKind::Done ? Told(alert, claimed, now)
                                                         : NotTold(alert, claimed, outcome, now);
  auto recorded = store_.ReplaceNotice(claimed, ended);
  if (!recorded) return recorded.error();
  return {};
}

Notice Notifier::Told(const Alert& alert, const Notice& claimed, Time now) const {
  log_.Info("operators were notified", FieldsOf(alert));
  Notice ended = claimed;
  ended.attempts = 0;
  ++ended.told;
  ended.told_count = alert.count;
  ended.next_at = now + config_->notify->every;
  return ended;
}

Notice Notifier::NotTold(const Alert& alert, const Notice& claimed, const Outcome& outcome,
                         Time now) {
  Notice ended = claimed;
  ended.next_at = now;
  if (outcome.kind != OutcomeKind::Interrupted) {
    const double random = std::uniform_real_distribution<>(0, 1)(random_);
    ended.next_at +=
        RetryDelay(action_config_.retry, claimed.attempts, outcome.retry_after, random);
  }
  LogFields fields = FieldsOf(alert);
  fields.emplace_back("by", action_config_.name);
  fields.emplace_back("attempt", claimed.attempts);
  fields.emplace_back("error", outcome.reason);
  fields.emplace_back("next_try", FormatTime(ended.next_at));
  log_.Error("operators could not be notified", fields);
  return ended;
}

Outcome Notifier::Attempt(const Alert& alert, const Notice& claimed, Time now) {
  if (!action_) {
    auto made = MakeAction(action_config_, {*config_, stop_});
    if (!made) return {OutcomeKind::Retry, made.error().message, {}};
    action_ = std::move(*made);
  }
  const std::string key = NameUuid(fmt::format("alert {} of {}, {}, in {}", alert.name,
                                               alert.action, claimed.told, store_.store_id()));
  const Json document = AlertDocument(alert, now, key, claimed.attempts);
  return action_->Run({document, key, claimed.attempts, store_.store_id()});
}

}  // namespace relay
