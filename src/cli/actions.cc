#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "action/http_action.h"
#include "action/http_client.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/made_up_post.h"
#include "cli/standing.h"
#include "cli/stored_document.h"
#include "cli/workplace.h"

namespace relay {
namespace {

using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

Json RowOf(const std::string& name, const Standing& standing,
           const std::map<std::string, std::int64_t>& counts) {
  const bool configured = standing.kind != Standing::Kind::Orphaned;
  Json row{{"action", name},
           {"type", configured ? Json("http") : Json()},
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

// The document of a stored post, or of a made-up one where none is named.
Result<Json> ChooseDocument(const Options& options, const Config& config) {
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
  (*document)["delivery_id"] = "0";
  (*document)["attempt"] = 1;
  return document;
}

int SendAndJudge(HttpAction& action, const HttpRequest& request) {
  const std::atomic<bool> never{false};
  InitHttpClients();
  const auto sent = HttpClient(never).Send(request);
  if (const auto* error = std::get_if<SendError>(&sent)) return Fail(error->reason);
  const auto& answer = std::get<HttpAnswer>(sent);
  const Outcome outcome = action.Judge(answer);
  fmt::print(stderr, "HTTP {}: {} {}\n", answer.status, OutcomeName(outcome.kind), outcome.reason);
  fmt::print("{}\n", answer.body);
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
    listing.Add(RowOf(name, standings->Of(name), by_state));
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
  auto action = HttpAction::Compile(*found);
  if (!action) return Fail(action.error().message);
  auto request = action->Render(*document, config->secrets, "try");
  if (!request) return Fail("this post would be dead: " + request.error().message);
  if (options.send) return SendAndJudge(*action, *request);
  if (options.json) {
    fmt::print("{}\n", ToText({{"method", request->method},
                               {"url", request->url},
                               {"body", request->body ? Json(*request->body) : Json()}}));
  } else {
    fmt::print("{}", request->Describe());
  }
  return kExitDone;
}

}  // namespace relay
