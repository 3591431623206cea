#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/selection.h"
#include "cli/workplace.h"

namespace relay {
namespace {

Json RowOf(const Quarantined& item) {
  return {{"quarantine_id", ToString(item.id)},
          {"received_at", FormatTime(item.raw.received_at)},
          {"reason", item.reason},
          {"endpoint", item.raw.endpoint},
          {"remote_addr", item.raw.remote_addr},
          {"content_type", item.raw.content_type},
          {"size", item.raw.body.size()}};
}

}  // namespace

int ListQuarantined(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  Listing listing(options, {"quarantine_id", "received_at", "size", "endpoint", "reason"});
  auto listed = place->store->ListQuarantined(
      options.limit, [&](const Quarantined& item) { listing.Add(RowOf(item)); });
  if (!listed) return Fail(listed.error().message);
  listing.Finish();
  return kExitDone;
}

// Without --json the bytes themselves, as they came.
int ShowQuarantined(const Options& options) {
  const auto ids = ReadIds(options);
  if (!ids || ids->size() != 1) return kExitUsage;
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  bool found = false;
  auto listed = place->store->ListQuarantined(0, [&](const Quarantined& item) {
    if (item.id.value != ids->front()) return;
    found = true;
    if (!options.json) {
      fmt::print(stderr, "{}\n{}\n", ToIndentedText(RowOf(item)), item.headers);
      static_cast<void>(fwrite(item.raw.body.data(), 1, item.raw.body.size(), stdout));
      return;
    }
    Json row = RowOf(item);
    row["headers"] = item.headers;
    row["query"] = item.raw.query;
    row["body"] = item.raw.body;
    fmt::print("{}\n", ToText(row));
  });
  if (!listed) return Fail(listed.error().message);
  return found ? kExitDone : Fail("there is no such quarantined post");
}

}  // namespace relay
