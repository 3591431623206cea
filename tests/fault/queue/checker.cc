#include "fault/queue/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace relay::test {
namespace {

constexpr std::size_t kExamples = 20;

enum class Told { Nothing, Recorded, Lost };

struct Attempt {
  int number = 0;
  Time claimed_at{};
  Time lease_end{};
  Time begun{};
  std::optional<Time> ended;
  DeliveryState end = DeliveryState::Due;
  Time next_try{};
  Told told = Told::Nothing;

  bool with_other_side(Time at) const { return !ended || *ended > at; }
};

struct Tracked {
  const Delivery* stored = nullptr;
  const ActionRules* rules = nullptr;
  std::vector<Attempt> attempts;  // by number

  const Attempt* Numbered(int number) const {
    for (const Attempt& attempt : attempts) {
      if (attempt.number == number) return &attempt;
    }
    return nullptr;
  }
};

using Line = std::vector<const Tracked*>;  // of one action and session, oldest first

// From when on later posts of the session might begin.
Time OverSince(const Tracked& delivery) {
  if (delivery.stored->state == DeliveryState::Dead && delivery.stored->attempts == 0 &&
      delivery.rules->on_dead == OnDead::Skip) {
    return Time::min();  // dead from the start
  }
  Time over = Time::max();
  for (const Attempt& attempt : delivery.attempts) {
    const bool lets_pass =
        attempt.end == DeliveryState::Done ||
        (attempt.end == DeliveryState::Dead && delivery.rules->on_dead == OnDead::Skip);
    // A worker that died while telling the store may have been heard.
    const bool counted = attempt.told == Told::Recorded ||
                         (attempt.told == Told::Nothing && attempt.end == delivery.stored->state &&
                          attempt.number == delivery.stored->attempts);
    if (attempt.ended && lets_pass && counted) over = std::min(over, *attempt.ended);
  }
  return over;
}

class Judgement {
 public:
  explicit Judgement(const History& history) : history_(history) {}

  Verdict Give() {
    Index();
    Read();
    JudgePosts();
    for (auto& [id, delivery] : deliveries_) JudgeDelivery(delivery);
    for (const auto& [key, line] : Lines()) JudgeLine(line);
    for (const ActionRules& rules : history_.actions) JudgeLimit(rules);
    return std::move(verdict_);
  }

 private:
  void Report(Fault fault, const std::string& what) {
    ++verdict_.faults[fault];
    if (verdict_.examples.size() < kExamples) {
      verdict_.examples.push_back(NameOf(fault) + ": " + what);
    }
  }
  void Report(Fault fault, const Tracked& delivery, int attempt, const std::string& what) {
    Report(fault, fmt::format("delivery {} of {} by {}, attempt {}: {}", delivery.stored->id.value,
                              delivery.stored->session_id, delivery.rules->name, attempt, what));
  }

  void Index() {
    for (const ActionRules& rules : history_.actions) rules_[rules.name] = &rules;
    for (const Delivery& delivery : history_.deliveries) {
      deliveries_[delivery.id] = {&delivery, rules_.at(delivery.action), {}};
    }
  }

  void Read() {
    std::map<std::pair<DeliveryId, int>, Attempt> attempts;
    for (const Record& record : history_.records) {
      Attempt& attempt = attempts[{record.delivery, record.attempt}];
      switch (record.moment) {
        case Moment::Begun:
          if (attempt.number != 0) {
            Report(Fault::Repeated, fmt::format("delivery {}, attempt {} was given to two workers",
                                                record.delivery.value, record.attempt));
          }
          attempt.number = record.attempt;
          attempt.begun = record.at;
          attempt.claimed_at = record.claimed_at;
          attempt.lease_end = record.until;
          ++verdict_.attempts;
          break;
        case Moment::Ended:
          attempt.ended = record.at;
          attempt.end = record.end;
          attempt.next_try = record.until;
          break;
        case Moment::Recorded:
          attempt.told = Told::Recorded;
          break;
        case Moment::Lost:
          attempt.told = Told::Lost;
          ++verdict_.late_finishers;
          break;
      }
    }
    for (auto& [key, attempt] : attempts) {
      const auto delivery = deliveries_.find(key.first);
      if (delivery == deliveries_.end()) {
        Report(Fault::Lost,
               fmt::format("delivery {} was tried and is not in the store", key.first.value));
      } else {
        delivery->second.attempts.push_back(attempt);
      }
    }
  }

  void JudgePosts() {
    std::set<std::string> sessions;
    for (const ExpectedPost& post : history_.posts) sessions.insert(post.session);
    verdict_.sessions = sessions.size();
    verdict_.posts = history_.stored.size();
    verdict_.deliveries = history_.deliveries.size();
    std::multiset<std::pair<std::int64_t, std::string>> made;
    for (const Delivery& delivery : history_.deliveries) {
      made.emplace(delivery.post.value, delivery.action);
    }
    for (std::size_t i = 0; i < history_.posts.size(); ++i) {
      if (i >= history_.stored.size() || history_.stored[i] != history_.posts[i].session) {
        Report(Fault::Lost, fmt::format("post {} is not in the store as it was posted", i + 1));
      }
      for (const ExpectedDelivery& expected : history_.posts[i].deliveries) {
        if (made.count({static_cast<std::int64_t>(i + 1), expected.action}) != 1) {
          Report(Fault::Lost,
                 fmt::format("post {} has not its one delivery by {}", i + 1, expected.action));
        }
      }
    }
  }

  void JudgeDelivery(const Tracked& delivery) {
    const auto& attempts = delivery.attempts;
    verdict_.never_begun += static_cast<std::size_t>(delivery.stored->attempts) - attempts.size();
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      if (!attempts[i].ended) ++verdict_.never_ended;
      if (i + 1 < attempts.size()) JudgeNext(delivery, attempts[i], attempts[i + 1]);
      if (attempts[i].told == Told::Lost && attempts[i].number == delivery.stored->attempts) {
        Report(Fault::Lost, delivery, attempts[i].number, "its end was refused, but none is newer");
      }
    }
    JudgeState(delivery);
  }

  // Whether `next` might be claimed when it was, after what came of `attempt`.
  void JudgeNext(const Tracked& delivery, const Attempt& attempt, const Attempt& next) {
    if (attempt.told == Told::Recorded) {
      if (next.claimed_at < *attempt.ended) {
        Report(Fault::Overwritten, delivery, attempt.number, "recorded after the next was claimed");
      } else if (attempt.end != DeliveryState::Due) {
        Report(Fault::Repeated, delivery, next.number, "begun after the end of the delivery");
      } else if (next.claimed_at < attempt.next_try) {
        Report(Fault::Early, delivery, next.number, "claimed before its time");
      }
      return;
    }
    const bool may_be_recorded = attempt.told == Told::Nothing && attempt.ended &&
                                 attempt.end == DeliveryState::Due &&
                                 next.claimed_at >= attempt.next_try;
    if (next.claimed_at < attempt.lease_end && !may_be_recorded) {
      Report(Fault::Overlap, delivery, next.number, "claimed before the older claim had lapsed");
    }
  }

  void JudgeState(const Tracked& delivery) {
    const int last = delivery.stored->attempts;
    const Attempt* attempt = delivery.Numbered(last);
    switch (delivery.stored->state) {
      case DeliveryState::Done:
      case DeliveryState::Dead: {
        ++(delivery.stored->state == DeliveryState::Done ? verdict_.done : verdict_.dead);
        const bool explained = last == 0 ? DeadFromTheStart(delivery)
                                         : attempt != nullptr && attempt->ended &&
                                               attempt->end == delivery.stored->state &&
                                               attempt->told != Told::Lost;
        if (!explained) {
          Report(Fault::Overwritten, delivery, last, "it did not end as the store says");
        }
        break;
      }
      case DeliveryState::Due:
        ++verdict_.held_back;  // JudgeLine() sees whether anything holds it
        break;
      case DeliveryState::Claimed:
      case DeliveryState::Held:
        Report(Fault::Lost, delivery, last, "it has not ended");
        break;
    }
  }

  bool DeadFromTheStart(const Tracked& delivery) const {
    const auto& expected =
        history_.posts.at(static_cast<std::size_t>(delivery.stored->post.value - 1)).deliveries;
    return std::any_of(expected.begin(), expected.end(), [&](const ExpectedDelivery& each) {
      return each.action == delivery.rules->name && each.dead_from_the_start;
    });
  }

  // Those without order make a line each.
  std::map<std::pair<std::string, std::string>, Line> Lines() const {
    std::map<std::pair<std::string, std::string>, Line> lines;
    for (const auto& [id, delivery] : deliveries_) {
      const bool ordered = delivery.rules->order == Order::Session;
      lines[{delivery.rules->name,
             ordered ? delivery.stored->session_id : "#" + std::to_string(id.value)}]
          .push_back(&delivery);
    }
    return lines;
  }

  void JudgeLine(const Line& line) {
    JudgeOverlaps(line);
    Time may_begin = Time::min();
    bool held = false;
    for (const Tracked* delivery : line) {
      for (const Attempt& attempt : delivery->attempts) {
        if (attempt.begun < may_begin) {
          Report(Fault::Inversion, *delivery, attempt.number, "begun before an earlier one ended");
        }
      }
      if (delivery->stored->state == DeliveryState::Due && !held) {
        Report(Fault::Lost, *delivery, delivery->stored->attempts, "due, but never tried again");
      }
      held = held || (delivery->stored->state == DeliveryState::Dead &&
                      delivery->rules->on_dead == OnDead::Hold);
      may_begin = std::max(may_begin, OverSince(*delivery));
    }
  }

  void JudgeOverlaps(const Line& line) {
    struct Seen {
      const Tracked* delivery;
      const Attempt* attempt;
    };
    std::vector<Seen> by_begin;
    for (const Tracked* delivery : line) {
      for (const Attempt& attempt : delivery->attempts) by_begin.push_back({delivery, &attempt});
    }
    std::sort(by_begin.begin(), by_begin.end(),
              [](const Seen& a, const Seen& b) { return a.attempt->begun < b.attempt->begun; });
    std::vector<Seen> present;
    for (const Seen& seen : by_begin) {
      std::erase_if(
          present, [&](const Seen& p) { return !p.attempt->with_other_side(seen.attempt->begun); });
      for (const Seen& other : present) {
        const auto& [first, second] = std::minmax(*seen.attempt, *other.attempt, ClaimedBefore);
        if (first.lease_end > second.claimed_at) {
          Report(Fault::Overlap, *seen.delivery, seen.attempt->number,
                 fmt::format("together with attempt {} of delivery {}", other.attempt->number,
                             other.delivery->stored->id.value));
        } else {
          ++verdict_.taken_over;
        }
      }
      present.push_back(seen);
    }
  }

  static bool ClaimedBefore(const Attempt& a, const Attempt& b) {
    return a.claimed_at < b.claimed_at;
  }

  void JudgeLimit(const ActionRules& rules) {
    std::vector<std::pair<Time, int>> changes;
    for (const auto& [id, delivery] : deliveries_) {
      if (delivery.rules != &rules) continue;
      for (const Attempt& attempt : delivery.attempts) {
        const Time end = std::min(attempt.ended.value_or(attempt.lease_end), attempt.lease_end);
        if (end <= attempt.begun) continue;
        changes.emplace_back(attempt.begun, 1);
        changes.emplace_back(end, -1);
      }
    }
    std::sort(changes.begin(), changes.end());  // at one time, ends before begins
    int now = 0;
    int most = 0;
    for (const auto& [time, change] : changes) {
      now += change;
      most = std::max(most, now);
    }
    verdict_.most_at_once[rules.name] = most;
    if (most > rules.concurrency) {
      Report(Fault::OverLimit, fmt::format("{} of {} at once", most, rules.name));
    }
  }

  const History& history_;
  std::map<std::string, const ActionRules*> rules_;
  std::map<DeliveryId, Tracked> deliveries_;
  Verdict verdict_;
};

}  // namespace

std::string NameOf(Fault fault) {
  switch (fault) {
    case Fault::Overlap:
      return "overlap";
    case Fault::Inversion:
      return "inversion";
    case Fault::Lost:
      return "lost";
    case Fault::Repeated:
      return "repeated";
    case Fault::Overwritten:
      return "overwritten";
    case Fault::Early:
      return "early";
    case Fault::OverLimit:
      return "over the limit";
  }
  return "";
}

std::size_t Verdict::Count(Fault fault) const {
  const auto found = faults.find(fault);
  return found == faults.end() ? 0 : found->second;
}

std::string Verdict::Summary() const {
  std::string text = fmt::format(
      "{} sessions, {} posts, {} deliveries: {} done, {} dead, {} behind a dead one\n"
      "{} attempts: {} without an end, {} beside a lapsed one, {} late finishers;"
      " {} claims never begun\n",
      sessions, posts, deliveries, done, dead, held_back, attempts, never_ended, taken_over,
      late_finishers, never_begun);
  for (const auto& [action, most] : most_at_once) {
    text += fmt::format("at most {} at once by {}\n", most, action);
  }
  for (const Fault fault : {Fault::Overlap, Fault::Inversion, Fault::Lost, Fault::Repeated,
                            Fault::Overwritten, Fault::Early, Fault::OverLimit}) {
    text += fmt::format("{} {}\n", NameOf(fault), Count(fault));
  }
  for (const std::string& example : examples) text += "  " + example + "\n";
  return text;
}

Verdict Judge(const History& history) {
  return Judgement(history).Give();
}

}  // namespace relay::test
