#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/selection.h"
#include "cli/stored_document.h"
#include "cli/workplace.h"
#include "intake/planner.h"
#include "model/event.h"

namespace relay {
namespace {

Result<std::vector<DeliveryId>> Replay(Workplace& place, Planner& planner, PostId id) {
  auto document = ReadDocument(*place.store, *place.config, id);
  if (!document) return document.error();
  return place.store->Replay(id, planner.Select(*document), SystemClock().Now());
}

void PrintReplayed(const Options& options, PostId post, const std::vector<DeliveryId>& deliveries) {
  Json ids = Json::array();
  for (const DeliveryId id : deliveries) ids.push_back(ToString(id));
  if (options.json) {
    fmt::print("{}\n", ToText({{"post_id", ToString(post)}, {"deliveries", ids}}));
  } else {
    fmt::print(stderr, "post {}: {} new deliveries\n", ToString(post), ids.size());
  }
}

}  // namespace

int ListPosts(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  Listing listing(options, {"post_id", "received_at", "event", "session_id", "endpoint", "size"});
  auto listed = place->store->ListPosts(options.limit, [&](const PostSummary& post) {
    listing.Add({{"post_id", ToString(post.id)},
                 {"received_at", FormatTime(post.received_at)},
                 {"event", EventName(post.event)},
                 {"session_id", post.session_id},
                 {"endpoint", post.endpoint},
                 {"size", post.size}});
  });
  if (!listed) return Fail(listed.error().message);
  listing.Finish();
  return kExitDone;
}

int ShowPost(const Options& options) {
  const auto ids = ReadIds(options);
  if (!ids) return kExitUsage;
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  for (const std::int64_t id : *ids) {
    auto document = ReadDocument(*place->store, *place->config, PostId{id});
    if (!document) return Fail(document.error().message);
    fmt::print("{}\n", options.json ? ToText(*document) : ToIndentedText(*document));
  }
  return kExitDone;
}

int ReplayPosts(const Options& options) {
  const auto ids = ReadIds(options);
  if (!ids) return kExitUsage;
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  Planner planner(place->config);
  for (const std::int64_t id : *ids) {
    auto replayed = Replay(*place, planner, PostId{id});
    if (!replayed) return Fail(replayed.error().message);
    PrintReplayed(options, PostId{id}, *replayed);
  }
  return kExitDone;
}

}  // namespace relay
