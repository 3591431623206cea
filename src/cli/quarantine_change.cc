// quarantine retry and drop.
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <sstream>

#include "base/text.h"
#include "base/trace.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/selection.h"
#include "cli/workplace.h"
#include "intake/new_post.h"

namespace relay {
namespace {

constexpr std::size_t kBatch = 100;

// Oldest first, as they came: posts of one session are told apart by their order.
std::optional<std::vector<QuarantineId>> ReadQuarantineIds(const Options& options, Store& store) {
  std::vector<QuarantineId> ids;
  if (NamesAll(options)) {
    auto listed =
        store.ListQuarantined(0, [&](const QuarantinedSummary& item) { ids.push_back(item.id); });
    if (!listed) {
      static_cast<void>(Fail(listed.error().message));
      return std::nullopt;
    }
  } else {
    const auto named = ReadIds(options);
    if (!named) return std::nullopt;
    for (const std::int64_t id : *named) ids.push_back(QuarantineId{id});
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

// Of the headers as they were kept.
std::string TraceIdAmong(const std::string& headers) {
  std::istringstream lines(headers);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = std::min(line.find(':'), line.size());
    if (!EqualsIgnoringCase(line.substr(0, colon), "traceparent")) continue;
    return TraceIdIn(Trim(std::string_view(line).substr(std::min(colon + 1, line.size()))));
  }
  return "";
}

// The post it has become, or why it stays.
Result<Accepted> RetryOne(Store& store, Planner& planner, QuarantineId id) {
  auto found = store.FindQuarantined(id);
  if (!found) return found.error();
  if (!*found) return Error{ErrorKind::BadInput, "there is no such quarantined post"};
  (*found)->raw.trace_id = TraceIdAmong((*found)->headers);
  auto made = MakeNewPost((*found)->raw, planner);
  if (const auto* unreadable = std::get_if<Unreadable>(&made)) {
    return Error{ErrorKind::BadInput, unreadable->reason};
  }
  return store.AcceptQuarantined(id, std::get<NewPost>(made), SystemClock().Now());
}

Json RowOf(QuarantineId id, const Result<Accepted>& retried) {
  return {{"quarantine_id", ToString(id)},
          {"post_id", retried ? Json(ToString(retried->id)) : Json()},
          {"deliveries", retried ? Json(retried->deliveries) : Json()},
          {"stays", retried ? Json() : Json(retried.error().message)}};
}

}  // namespace

int RetryQuarantined(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  const auto ids = ReadQuarantineIds(options, *place->store);
  if (!ids) return kExitUsage;
  Planner planner(place->config);
  Listing listing(options, {"quarantine_id", "post_id", "deliveries", "stays"});
  std::size_t stay = 0;
  for (const QuarantineId id : *ids) {
    const auto retried = RetryOne(*place->store, planner, id);
    if (!retried) ++stay;
    listing.Add(RowOf(id, retried));
  }
  listing.Finish();
  return stay == 0 ? kExitDone : Fail(fmt::format("{} of {} stay", stay, ids->size()));
}

int DropQuarantined(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  const auto ids = ReadQuarantineIds(options, *place->store);
  if (!ids) return kExitUsage;
  if (NamesAll(options) && !options.yes) {
    fmt::print(stderr, "this would drop {} quarantined posts for ever; add --yes to do it\n",
               ids->size());
    return kExitUsage;
  }
  std::int64_t dropped = 0;
  for (std::span rest(*ids); !rest.empty(); rest = rest.subspan(std::min(kBatch, rest.size()))) {
    auto batch = place->store->DropQuarantined(rest.first(std::min(kBatch, rest.size())));
    if (!batch) return Fail(batch.error().message);
    dropped += *batch;
  }
  if (options.json) {
    fmt::print("{}\n", ToText({{"changed", dropped}}));
  } else {
    fmt::print(stderr, "{} quarantined posts were dropped\n", dropped);
  }
  const auto left = std::ssize(*ids) - dropped;
  return left == 0 ? kExitDone : Fail(fmt::format("{} of these do not exist", left));
}

}  // namespace relay
