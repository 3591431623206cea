// Claiming: what the idle workers could begin.
#include <fmt/format.h>

#include <algorithm>

#include "deliver/deliverer.h"

namespace relay {
namespace {

// What an attempt may take on top of its time-out before another worker may take over: reading the
// post, rendering it (a third of a second for 16 MiB of chat) and recording the end, which may wait
// for another process's commit. One that takes longer costs a repeat under the same key. A crash
// makes the deliveries it cut short, and their sessions, wait for all of the lease: keep it short.
constexpr Duration kLeaseMargin = std::chrono::seconds(5);

// Also while probing: a minute is no hammering, and an hour after the return is long to wait.
constexpr Duration kProbeAtLeast = std::chrono::minutes(1);

ClaimRequest RequestFor(const Line& line) {
  const ActionConfig& action = *line.action;
  const Duration lease = action.timeout + kLeaseMargin;
  const Duration furthest =
      std::max<Duration>({lease, action.retry.max + action.retry.max / 5, std::chrono::hours(1)});
  return {
      .action = action.name,
      .concurrency = action.concurrency,
      .lease = lease,
      .turn = line.turn,
      .circuit = {.first = action.retry.first, .most = std::min(action.retry.max, kProbeAtLeast)},
      .furthest = furthest + std::chrono::minutes(1)};
}

bool IsAmong(const std::vector<ActionPause>& paused, const std::string& action) {
  return std::any_of(paused.begin(), paused.end(),
                     [&](const ActionPause& pause) { return pause.action == action; });
}

}  // namespace

Result<void> Deliverer::ClaimUpTo(std::size_t room, Time now, std::vector<Claimed>& claimed) {
  if (claimed.size() >= room) return {};
  const auto paused = store_->PausedActions();
  if (!paused) return paused.error();
  while (claimed.size() < room) {
    auto next = ClaimAny(*paused, now);
    if (!next) return next.error();
    if (!*next) return {};
    claimed.push_back(std::move(**next));
  }
  return {};
}

Result<std::optional<Claimed>> Deliverer::ClaimAny(const std::vector<ActionPause>& paused,
                                                   Time now) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::size_t place = (next_line_ + i) % lines_.size();
    Line& line = lines_[place];
    if (IsAmong(paused, line.action->name)) continue;
    auto claim = ClaimOf(line, now);
    if (!claim) return claim.error();
    if (!*claim) continue;
    next_line_ = (place + 1) % lines_.size();  // every action gets its turn
    return std::optional(Claimed{&line, std::move(**claim)});
  }
  return std::optional<Claimed>();
}

Result<std::optional<Claim>> Deliverer::ClaimOf(Line& line, Time now) {
  auto answer = store_->ClaimDue(RequestFor(line), now);
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

}  // namespace relay
