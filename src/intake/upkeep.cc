#include "intake/upkeep.h"

#include <fmt/format.h>

#include "intake/lapse.h"

namespace relay {
namespace {

constexpr Duration kBetweenLapses = std::chrono::minutes(1);
constexpr int kLapsesBetweenRetentions = 60;

// Leaves the lock to those who receive and deliver.
constexpr Duration kBetweenBatches = std::chrono::milliseconds(50);

OnDead OnDeadOf(const Config& config, const std::string& action) {
  const ActionConfig* known = config.FindAction(action);
  return known == nullptr ? OnDead::Skip : known->on_dead;
}

}  // namespace

Result<void> SetDamagedAside(Store& store, const Config& config, Time now, const Log& log,
                             const StopRequested& stop) {
  std::vector<Damage> damages;
  auto looked = store.FindDamage(
      DamageScope::Undelivered, [&](const Damage& damage) { damages.push_back(damage); }, stop);
  if (!looked) return looked;
  for (const Damage& damage : damages) {
    if (!damage.delivery) continue;
    const std::string reason = fmt::format("post {} is damaged in the store: {}",
                                           damage.post ? ToString(*damage.post) : "", damage.what);
    const OnDead on_dead = OnDeadOf(config, damage.action);
    auto condemned = store.Condemn({*damage.delivery, reason, on_dead}, now);
    if (!condemned) return condemned.error();
    if (*condemned) {
      log.Error(fmt::format("delivery {} of action {} is dead: {}; rescue-relay doctor tells more",
                            ToString(*damage.delivery), damage.action, reason));
    }
  }
  return {};
}

Result<void> ApplyRetention(Store& store, const Config& config, Time now, const Log& log,
                            const StopRequested& pause) {
  PruneRequest request;
  request.sessions_before = now - config.store.keep_done;
  request.quarantined_before = now - config.store.keep_quarantined;
  Pruned total;
  for (std::optional<PruneRequest> next = request; next;) {
    auto pruned = store.Prune(*next);
    if (!pruned) return pruned.error();
    total.sessions += pruned->sessions;
    total.posts += pruned->posts;
    total.quarantined += pruned->quarantined;
    next = pruned->next;
    if (next && pause()) break;
  }
  if (total.sessions > 0 || total.quarantined > 0) {
    log.Info(fmt::format("removed what was too old: {} sessions with {} posts, {} quarantined",
                         total.sessions, total.posts, total.quarantined));
  }
  return {};
}

Upkeep::Upkeep(std::shared_ptr<const Config> config, std::unique_ptr<Store> store,
               const Clock& clock, const Log& log)
    : config_(std::move(config)), store_(std::move(store)), clock_(clock), log_(log) {}

Upkeep::~Upkeep() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Upkeep::Start() {
  thread_ = std::thread([this] {
    try {
      Work();
    } catch (const std::exception& error) {
      log_.Error(fmt::format("the upkeep of the store ended: {}", error.what()));
    }
  });
}

void Upkeep::Work() {
  const auto stop = [this] { return Wait(Duration::zero()); };
  const auto looked = SetDamagedAside(*store_, *config_, clock_.Now(), log_, stop);
  if (!looked) log_.Error("look for damage in the store: " + looked.error().message);
  int round = 0;
  do {
    const auto ended = EndSilentSessions(*store_, config_, clock_.Now(), log_);
    if (!ended) log_.Error("end silent sessions: " + ended.error().message);
    if (round++ % kLapsesBetweenRetentions != 0) continue;
    const auto applied = ApplyRetention(*store_, *config_, clock_.Now(), log_,
                                        [this] { return Wait(kBetweenBatches); });
    if (!applied) log_.Error("remove what is too old: " + applied.error().message);
  } while (!Wait(kBetweenLapses));
}

bool Upkeep::Wait(Duration limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return stopping_; });
}

}  // namespace relay
