// Looking at what could not be decoded.
#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/selection.h"
#include "cli/workplace.h"

namespace relay {
namespace {

Json RowOf(const QuarantinedSummary& item) {
  return {{"quarantine_id", ToString(item.id)},
          {"received_at", FormatTime(item.received_at)},
          {"reason", item.reason},
          {"endpoint", item.endpoint},
          {"remote_addr", item.remote_addr},
          {"content_type", item.content_type},
          {"size", item.size}};
}

Json RowOf(const Quarantined& item) {
  const RawPost& raw = item.raw;
  return RowOf(QuarantinedSummary{item.id, raw.received_at, raw.endpoint, raw.content_type,
                                  raw.remote_addr, item.reason, std::ssize(raw.body)});
}

}  // namespace

int ListQuarantined(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  Listing listing(options, {"quarantine_id", "received_at", "size", "endpoint", "reason"});
  auto listed = place->store->ListQuarantined(
      options.limit, [&](const QuarantinedSummary& item) { listing.Add(RowOf(item)); });
  if (!listed) return Fail(listed.error().message);
  listing.Finish();
  return kExitDone;
}

// Without --json the bytes themselves, as they came.
int ShowQuarantined(const Options& options) {
  const auto ids = ReadIds(options);
  if (!ids) return kExitUsage;
  if (ids->size() != 1) {
    static_cast<void>(Fail("name one quarantined post"));
    return kExitUsage;
  }
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  const auto found = place->store->FindQuarantined(QuarantineId{ids->front()});
  if (!found) return Fail(found.error().message);
  if (!*found) return Fail("there is no such quarantined post");
  Json row = RowOf(**found);
  const std::string& body = (*found)->raw.body;
  if (options.json) {
    row["headers"] = (*found)->headers;
    row["query"] = (*found)->raw.query;
    row["body"] = body;
    fmt::print("{}\n", ToText(row));
  } else {
    fmt::print(stderr, "{}\n{}\n", ToIndentedText(row), (*found)->headers);
    static_cast<void>(fwrite(body.data(), 1, body.size(), stdout));
  }
  return kExitDone;
}

}  // namespace relay
