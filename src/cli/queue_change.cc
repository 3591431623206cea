// queue retry, hold, release and drop.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/selection.h"
#include "cli/workplace.h"

namespace relay {
namespace {

struct Words {
  QueueChange change;
  const char* would;   // "this would … 7 deliveries"
  const char* done;    // "7 deliveries …"
  const char* undone;  // what may be the matter with the others that were named
};

constexpr Words kRetry{QueueChange::Retry, "try again", "are due now", "are neither due nor dead"};
constexpr Words kHold{QueueChange::Hold, "hold", "are held", "are not due"};
constexpr Words kRelease{QueueChange::Release, "release", "go on", "are not held"};
constexpr Words kDrop{QueueChange::Drop, "drop for ever", "were dropped",
                      "are under way right now"};

const char* Noun(std::int64_t count) {
  return count == 1 ? "delivery" : "deliveries";
}

// Nothing is done to all of something before it was said how many that are.
int Foretell(const Options& options, const Selection& selection, const Words& words) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  const auto count = place->store->CountFor(words.change, selection.filter);
  if (!count) return Fail(count.error().message);
  fmt::print(stderr, "this would {} {} {}; add --yes to do it\n", words.would, *count,
             Noun(*count));
  return kExitUsage;
}

int Change(const Options& options, const Words& words) {
  const auto selection = ReadSelection(options);
  if (!selection) return kExitUsage;
  if (selection->scope == Scope::Bulk && !options.yes) {
    return Foretell(options, *selection, words);
  }
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  const auto changed = place->store->Change(words.change, selection->filter, SystemClock().Now());
  if (!changed) return Fail(changed.error().message);
  if (options.json) {
    fmt::print("{}\n", ToText({{"changed", *changed}}));
  } else {
    fmt::print(stderr, "{} {} {}\n", *changed, Noun(*changed), words.done);
  }
  const auto left = std::ssize(selection->filter.ids) - *changed;
  if (left <= 0) return kExitDone;
  return Fail(fmt::format("{} of these {}, or do not exist", left, words.undone));
}

}  // namespace

int RetryDeliveries(const Options& options) {
  return Change(options, kRetry);
}
int HoldDeliveries(const Options& options) {
  return Change(options, kHold);
}
int ReleaseDeliveries(const Options& options) {
  return Change(options, kRelease);
}
int DropDeliveries(const Options& options) {
  return Change(options, kDrop);
}

}  // namespace relay
