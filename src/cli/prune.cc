#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/workplace.h"

namespace relay {
namespace {

Result<Pruned> PruneAll(Store& store, PruneRequest request) {
  Pruned total;
  for (;;) {
    auto batch = store.Prune(request);
    if (!batch) return batch.error();
    total.sessions += batch->sessions;
    total.posts += batch->posts;
    total.quarantined += batch->quarantined;
    if (!batch->next) return total;
    request = *batch->next;
  }
}

void Print(const Options& options, const Pruned& pruned) {
  if (options.json) {
    fmt::print("{}\n", ToText({{"sessions", pruned.sessions},
                               {"posts", pruned.posts},
                               {"quarantined", pruned.quarantined},
                               {"dry_run", options.dry_run}}));
    return;
  }
  fmt::print("{} {} sessions with {} posts, and {} quarantined posts\n",
             options.dry_run ? "would remove" : "removed", pruned.sessions, pruned.posts,
             pruned.quarantined);
}

}  // namespace

int Prune(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(
      options, options.dry_run ? sql::OpenMode::ReadOnly : sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  const Time now = SystemClock().Now();
  PruneRequest request;
  request.sessions_before = now - place->config->store.keep_done;
  request.quarantined_before = now - place->config->store.keep_quarantined;
  const auto pruned =
      options.dry_run ? place->store->CountPrunable(request) : PruneAll(*place->store, request);
  if (!pruned) return Fail(pruned.error().message);
  Print(options, *pruned);
  return kExitDone;
}

}  // namespace relay
