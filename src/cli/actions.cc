#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "action/action.h"
#include "action/http_client.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/made_up_post.h"
#include "cli/stored_document.h"
#include "cli/workplace.h"
#include "deliver/attempt.h"
#include "watch/alerts.h"
#include "watch/standing.h"

namespace relay {
namespace {

const std::string kTryKey = "try";

using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

Json RowOf(const std::string& name, const std::string& type, const Standing& standing,
           const std::map<std::string, std::int64_t>& counts) {
  Json row{{"action", name},
           {"type", type.empty() ? Json() : Json(type)},
           {"state", StandingName(standing.kind)},
           {"reason", standing.reason.empty() ? Json() : Json(standing.reason)},
           {"since", standing.since ? Json(FormatTime(*standing.since)) : Json()}};
  for (const char* state : {"due", "claimed", "done", "dead", "held"}) {
    const auto found = counts.find(state);
    row[state] = found == counts.end() ? 0 : found->second;
  }
  return row;
}

const char* OutcomeName(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::Done:
      return "done";
    case OutcomeKind::Retry:
      return "would be retried";
    case OutcomeKind::Dead:
      return "would be dead";
    case OutcomeKind::AuthRefused:
      return "would pause the action";
    case OutcomeKind::Interrupted:
      return "interrupted";
  }
  return "";
}

// The document of a stored post, or of a made-up one where none is named; of a made-up alert where
// the action is for those.
Result<Json> ChooseDocument(const Options& options, const Config& config) {
  if (!options.post && config.NotifiesBy(options.name)) {
    return AlertDocument(MakeUpAlert(), SystemClock().Now(), kTryKey, 1);
  }
  if (!options.post) {
    auto made_up = MakeUpDocuments(config, SystemClock().Now());
    if (!made_up) return made_up.error();
    return made_up->back();
  }
  const auto id = ParseId(*options.post);
  if (!id) return Error{ErrorKind::BadInput, "\"" + *options.post + "\" is no ID"};
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return Error{ErrorKind::BadInput, "the store cannot be read"};
  auto document = ReadDocument(*place->store, config, PostId{*id});
  if (!document) return document;
  AddDelivery(*document, DeliveryId{0}, kTryKey, 1);
  return document;
}

int RunOnce(Action& action, const Work& work) {
  InitHttpClients();
  const Outcome outcome = action.Run(work);
  fmt::print(stderr, "{}{}{}\n", OutcomeName(outcome.kind), outcome.reason.empty() ? "" : ": ",
             outcome.reason);
  if (!outcome.answer.empty()) fmt::print("{}\n", MaskControls(outcome.answer, '?', "\n\t"));
  return outcome.kind == OutcomeKind::Done ? kExitDone : kExitFailed;
}

}  // namespace

int ListActions(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  const auto standings = Standings::Read(*place->config, *place->store);
  if (!standings) return Fail(standings.error().message);
  const auto counted = place->store->CountDeliveries();
  if (!counted) return Fail(counted.error().message);
  Counts counts;
  for (const ActionConfig& action : place->config->actions) counts[action.name];
  for (const QueueCount& row : *counted) {
    counts[row.action][std::string(StateName(row.state))] = row.count;
  }
  Listing listing(options,
                  {"action", "type", "state", "due", "claimed", "done", "dead", "held", "reason"});
  for (const auto& [name, by_state] : counts) {
    const ActionConfig* action = place->config->FindAction(name);
    listing.Add(RowOf(name, action == nullptr ? "" : action->type, standings->Of(name), by_state));
  }
  listing.Finish();
  return kExitDone;
}

int PauseAction(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  if (place->config->FindAction(options.name) == nullptr) {
    return Fail("there is no action " + options.name);
  }
  auto paused = place->store->PauseAction(options.name, "by an operator", SystemClock().Now());
  if (!paused) return Fail(paused.error().message);
  fmt::print(stderr, "action {} is paused\n", options.name);
  return kExitDone;
}

int ResumeAction(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  auto resumed = place->store->ResumeAction(options.name);
  if (!resumed) return Fail(resumed.error().message);
  if (!*resumed) return Fail("action " + options.name + " is neither paused nor failing");
  fmt::print(stderr, "action {} goes on\n", options.name);
  return kExitDone;
}

int TryAction(const Options& options) {
  const auto config = OpenConfig(options);
  if (!config) return kExitConfig;
  const ActionConfig* found = config->FindAction(options.name);
  if (found == nullptr) return Fail("there is no action " + options.name);
  auto document = ChooseDocument(options, *config);
  if (!document) return Fail(document.error().message);
  const std::atomic<bool> never{false};
  auto action = MakeAction(*found, {*config, never});
  if (!action) return Fail(action.error().message);
  const Work work{*document, kTryKey};
  auto preview = (*action)->Describe(work);
  if (!preview) return Fail("this post would be dead: " + preview.error().message);
  if (options.send) return RunOnce(**action, work);
  if (options.json) {
    fmt::print("{}\n", ToText(preview->json));
  } else {
    fmt::print("{}", MaskControls(preview->text, '?', "\n\t"));
  }
  return kExitDone;
}

}  // namespace relay
