#include <fmt/format.h>

#include <functional>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/selection.h"
#include "cli/workplace.h"
#include "watch/standing.h"

namespace relay {
namespace {

// Why a delivery that could go does not.
std::string WaitsFor(const Delivery& delivery, const Standings& standings) {
  if (delivery.state != DeliveryState::Due && delivery.state != DeliveryState::Claimed) return "";
  const Standing standing = standings.Of(delivery.action);
  switch (standing.kind) {
    case Standing::Kind::Orphaned:
      return "orphaned: the configuration has no action of this name";
    case Standing::Kind::Paused:
      return "the action is paused: " + standing.reason;
    case Standing::Kind::Failing:
      return "its destination fails, and is asked now and then: " + standing.reason;
    case Standing::Kind::Active:
      break;
  }
  return delivery.next_try ? "" : "an earlier delivery of its session";
}

Json RowOf(const Delivery& delivery, const std::string& waits_for) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  return {{"delivery_id", ToString(delivery.id)},
          {"post_id", ToString(delivery.post)},
          {"session_id", delivery.session_id},
          {"action", delivery.action},
          {"state", StateName(delivery.state)},
          {"attempts", delivery.attempts},
          {"created_at", FormatTime(delivery.created_at)},
          {"next_try", delivery.next_try ? Json(FormatTime(*delivery.next_try)) : Json()},
          {"last_error", text_or_null(delivery.last_error)},
          {"waits_for", text_or_null(waits_for)}};
}

// The selected deliveries, newest first. Returns the exit status.
int ForEachRow(const Options& options, std::size_t limit,
               const std::function<void(const Delivery&, const Json&)>& each) {
  const auto filter = ReadFilter(options);
  if (!filter) return kExitUsage;
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  const auto standings = Standings::Read(*place->config, *place->store);
  if (!standings) return Fail(standings.error().message);
  const auto listed = place->store->ListDeliveries(*filter, limit, [&](const Delivery& delivery) {
    each(delivery, RowOf(delivery, WaitsFor(delivery, *standings)));
  });
  return listed ? kExitDone : Fail(listed.error().message);
}

}  // namespace

int ListQueue(const Options& options) {
  Listing listing(options, {"delivery_id", "post_id", "session_id", "action", "state", "attempts",
                            "next_try", "last_error", "waits_for"});
  const int status = ForEachRow(options, options.limit,
                                [&](const Delivery&, const Json& row) { listing.Add(row); });
  listing.Finish();
  return status;
}

int ShowDelivery(const Options& options) {
  std::size_t found = 0;
  const int status = ForEachRow(options, 0, [&](const Delivery& delivery, Json row) {
    ++found;
    row["last_answer"] = delivery.last_answer.empty() ? Json() : Json(delivery.last_answer);
    fmt::print("{}\n", options.json ? ToText(row) : ToIndentedText(row));
  });
  if (status != kExitDone || found > 0) return status;
  return Fail("there is no such delivery");
}

}  // namespace relay
