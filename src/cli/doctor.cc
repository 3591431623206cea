#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "cli/commands.h"
#include "cli/doctor_url.h"
#include "cli/finding.h"
#include "cli/listing.h"
#include "cli/sync_latency.h"
#include "cli/workplace.h"
#include "watch/standing.h"

namespace relay {
namespace {

using namespace std::chrono_literals;

struct Patient {
  const Config& config;
  Store& store;
  Time now{};
  std::vector<QueueCount> counts;
  Standings standings;
};

Finding CannotTell(const Error& error) {
  return {Status::Error, error.message};
}

std::string AgeText(Duration age) {
  const auto minutes = std::max<std::int64_t>(0, age / 1min);
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} days", minutes / (24 * 60));
}

void Append(std::string& list, const std::string& item) {
  if (!list.empty()) list += "; ";
  list += item;
}

std::string DamageText(const Damage& damage) {
  std::string text;
  if (damage.post) text += "post " + ToString(*damage.post) + ": ";
  if (damage.delivery) text += "delivery " + ToString(*damage.delivery) + ": ";
  return text + damage.what;
}

Finding CheckSchemaVersion(const Patient& patient) {
  const auto totals = patient.store.Totals();
  if (!totals) return CannotTell(totals.error());
  return {Status::Ok, fmt::format("version {}", totals->schema_version)};
}

Finding CheckIntegrity(const Patient& patient) {
  constexpr int kShown = 10;
  int found = 0;
  std::string list;
  auto looked = patient.store.FindDamage(DamageScope::Everything, [&](const Damage& damage) {
    if (++found <= kShown) Append(list, DamageText(damage));
  });
  if (found > kShown) Append(list, fmt::format("and {} more", found - kShown));
  if (!looked) Append(list, looked.error().message);
  if (!list.empty()) return {Status::Error, list};
  return {Status::Ok, "every post has the bytes that were stored"};
}

Finding CheckFreeSpace(const Patient& patient) {
  const auto free = patient.store.FreeBytes();
  if (!free) return CannotTell(free.error());
  const auto min_free = patient.config.store.min_free;
  const std::string numbers =
      fmt::format("{} MiB are free, min_free is {} MiB", *free >> 20, min_free >> 20);
  if (*free < min_free) return {Status::Error, numbers + ": posts get 503"};
  return {*free < 2 * min_free ? Status::Warning : Status::Ok, numbers};
}

Finding CheckSyncLatency(const Patient& patient) {
  const auto folder = std::filesystem::absolute(patient.config.store.path).parent_path();
  const auto latency = MeasureSyncLatency(folder);
  if (!latency) return CannotTell(latency.error());
  const auto milliseconds = [](std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
  };
  return {latency->median > 50ms ? Status::Warning : Status::Ok,
          fmt::format("{:.1f} ms in the median, {:.1f} ms at most", milliseconds(latency->median),
                      milliseconds(latency->longest))};
}

Finding CheckOldest(const Patient& patient) {
  std::optional<Time> oldest;
  std::string whose;
  for (const QueueCount& row : patient.counts) {
    if (row.state != DeliveryState::Due && row.state != DeliveryState::Claimed) continue;
    const auto since = patient.store.OldestUndelivered(row.action);
    if (!since) return CannotTell(since.error());
    if (!*since || (oldest && **since >= *oldest)) continue;
    oldest = **since;
    whose = row.action;
  }
  if (!oldest) return {Status::Ok, "nothing waits"};
  const Duration age = patient.now - *oldest;
  return {age > 1h ? Status::Warning : Status::Ok,
          fmt::format("one of action {} has waited for {}", whose, AgeText(age))};
}

Finding CheckStuck(const Patient& patient) {
  std::string list;
  for (const ActionConfig& action : patient.config.actions) {
    if (patient.standings.Of(action.name).kind != Standing::Kind::Active) continue;
    const auto due = patient.store.CountLate(action.name, DeliveryState::Due, patient.now - 10min);
    if (!due) return CannotTell(due.error());
    const auto lapsed =
        patient.store.CountLate(action.name, DeliveryState::Claimed, patient.now - 1min);
    if (!lapsed) return CannotTell(lapsed.error());
    if (*due > 0) {
      Append(list,
             fmt::format("action {}: {} have been due for over 10 minutes", action.name, *due));
    }
    if (*lapsed > 0) {
      Append(list, fmt::format("action {}: the claims of {} have lapsed and nobody takes them over",
                               action.name, *lapsed));
    }
  }
  if (list.empty()) return {Status::Ok, "none"};
  return {Status::Error, list + "; is a delivery service running?"};
}

Finding CheckDead(const Patient& patient) {
  std::string list;
  for (const QueueCount& row : patient.counts) {
    if (row.state != DeliveryState::Dead) continue;
    Append(list, fmt::format("action {}: {}", row.action, row.count));
  }
  if (list.empty()) return {Status::Ok, "none"};
  return {Status::Warning, list + "; see queue list --state dead"};
}

// The actions that stand as `kind` says, with the reason.
Finding CheckStanding(const Patient& patient, Standing::Kind kind) {
  std::string list;
  for (const ActionConfig& action : patient.config.actions) {
    const Standing standing = patient.standings.Of(action.name);
    if (standing.kind != kind) continue;
    Append(list, fmt::format("{}, {}: {}", action.name, FormatTime(standing.since.value_or(Time{})),
                             standing.reason));
  }
  if (list.empty()) return {Status::Ok, "none"};
  return {Status::Warning, list};
}

Finding CheckPaused(const Patient& patient) {
  return CheckStanding(patient, Standing::Kind::Paused);
}

Finding CheckFailing(const Patient& patient) {
  return CheckStanding(patient, Standing::Kind::Failing);
}

// Stores that could not be read and were set aside: what they hold is delivered by nobody.
Finding CheckSetAside(const Patient& patient) {
  const auto path = std::filesystem::absolute(patient.config.store.path);
  const std::string prefix = path.filename().string() + ".damaged-";
  std::string list;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(path.parent_path(), error)) {
    const std::string name = file.path().filename();
    if (!name.starts_with(prefix) || name.ends_with("-wal") || name.ends_with("-shm")) continue;
    Append(list, file.path().string());
  }
  if (error)
    return CannotTell({ErrorKind::Temporary, "look for stores set aside: " + error.message()});
  if (list.empty()) return {Status::Ok, "none"};
  return {Status::Error,
          "damaged stores were set aside; recover what they hold, then move them away: " + list};
}

Finding CheckOrphaned(const Patient& patient) {
  std::string list;
  std::string last;
  for (const QueueCount& row : patient.counts) {
    const bool ended = row.state == DeliveryState::Done || row.state == DeliveryState::Dead;
    if (ended || row.action == last) continue;
    if (patient.config.FindAction(row.action) != nullptr) continue;
    last = row.action;
    Append(list, row.action);
  }
  if (list.empty()) return {Status::Ok, "none"};
  return {Status::Warning, "the configuration has no action of this name: " + list};
}

Finding CheckQuarantine(const Patient& patient) {
  const auto totals = patient.store.Totals();
  if (!totals) return CannotTell(totals.error());
  return {totals->quarantined > 0 ? Status::Warning : Status::Ok,
          fmt::format("{} posts", totals->quarantined)};
}

struct Row {
  const char* name;
  Finding (*check)(const Patient&);
};

constexpr Row kChecks[] = {
    {"schema", &CheckSchemaVersion},
    {"integrity", &CheckIntegrity},
    {"free_space", &CheckFreeSpace},
    {"sync_latency", &CheckSyncLatency},
    {"oldest_undelivered", &CheckOldest},
    {"stuck", &CheckStuck},
    {"dead", &CheckDead},
    {"paused", &CheckPaused},
    {"failing", &CheckFailing},
    {"orphaned", &CheckOrphaned},
    {"quarantine", &CheckQuarantine},
    {"set_aside", &CheckSetAside},
};

// Errors are what keeps the checks from being made at all.
Result<Patient> Admit(const Config& config, Store& store) {
  auto counts = store.CountDeliveries();
  if (!counts) return counts.error();
  auto standings = Standings::Read(config, store);
  if (!standings) return standings.error();
  return Patient{config, store, SystemClock().Now(), std::move(*counts), std::move(*standings)};
}

int Examine(const Config& config, Listing& listing) {
  std::error_code error;
  if (!std::filesystem::exists(config.store.path, error)) {
    AddFinding(listing, "store",
               {Status::Warning, "there is no store at " + config.store.path +
                                     " yet; script.fcgi makes it when it is first run"});
    return kExitDone;
  }
  auto store = OpenStore(config, sql::OpenMode::ReadOnly);
  auto patient = store ? Admit(config, **store) : Result<Patient>(store.error());
  if (!patient) {
    AddFinding(listing, "store", CannotTell(patient.error()));
    return kExitFailed;
  }
  int status = kExitDone;
  for (const Row& row : kChecks) {
    const Finding finding = row.check(*patient);
    AddFinding(listing, row.name, finding);
    if (finding.status == Status::Error) status = kExitFailed;
  }
  return status;
}

}  // namespace

int Doctor(const Options& options) {
  const auto config = OpenConfig(options, Credentials::WhereGiven);
  if (!config) return kExitConfig;
  Listing listing(options, {"check", "status", "detail"});
  const int status = options.url.empty() ? Examine(*config, listing)
                                         : ExamineUrl(options, config->intake, listing);
  listing.Finish();
  return status;
}

}  // namespace relay
