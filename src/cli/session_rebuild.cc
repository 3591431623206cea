// session rebuild.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/workplace.h"
#include "decode/decode.h"
#include "intake/planner.h"

namespace relay {
namespace {

bool NamesAll(const Options& options) {
  return options.ids.size() == 1 && options.ids[0] == "ALL";
}

Result<std::vector<std::string>> SessionsOf(const Options& options, Store& store) {
  if (!NamesAll(options)) return options.ids;
  std::vector<std::string> ids;
  auto listed = store.ListSessions(
      {}, 0, [&](const SessionSummary& session) { ids.push_back(session.session_id); });
  if (!listed) return listed.error();
  return ids;
}

Result<Folded> FoldAnew(const Planner& planner, const StoredPost& post, const SessionState& before,
                        const ReadTranscript& transcript) {
  if (post.facts.event == Event::Lapsed) return Lapse(before, post.raw.received_at);
  auto fields = Decode(post.raw);
  if (!fields) return fields.error();
  return planner.FoldIn(post.raw, *fields, before, transcript);
}

}  // namespace

int RebuildSessions(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  const auto sessions = SessionsOf(options, *place->store);
  if (!sessions) return Fail(sessions.error().message);
  if (NamesAll(options) && !options.dry_run && !options.yes) {
    fmt::print(stderr,
               "this would rebuild {} sessions; --dry-run says which would change, --yes does it\n",
               sessions->size());
    return kExitUsage;
  }
  const Planner planner(place->config);
  const auto fold = [&](const StoredPost& post, const SessionState& before,
                        const ReadTranscript& transcript) {
    return FoldAnew(planner, post, before, transcript);
  };
  const auto mode = options.dry_run ? RebuildMode::Compare : RebuildMode::Write;
  Listing listing(options, {"session_id", "posts", "changed", "session_changed"});
  for (const std::string& session_id : *sessions) {
    const auto rebuilt = place->store->RebuildSession(session_id, mode, fold);
    if (!rebuilt) {
      status = Fail("session " + session_id + ": " + rebuilt.error().message);
      continue;
    }
    listing.Add({{"session_id", session_id},
                 {"posts", rebuilt->posts},
                 {"changed", rebuilt->changed},
                 {"session_changed", rebuilt->state_changed}});
  }
  listing.Finish();
  return status;
}

}  // namespace relay
