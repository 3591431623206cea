#include <fmt/format.h>

#include <limits>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/session_view.h"
#include "cli/stored_document.h"
#include "cli/workplace.h"
#include "config/units.h"
#include "model/event.h"
#include "session/document.h"

namespace relay {
namespace {

Json RowOf(const SessionSummary& session) {
  return {{"session_id", session.session_id},
          {"tracking0", session.state.tracking0},
          {"posts", session.state.posts},
          {"first_post_at", FormatTime(session.state.first_post_at)},
          {"last_post_at", FormatTime(session.state.last_post_at)},
          {"closed", session.state.closed},
          {"lapsed", session.state.lapsed},
          {"technicians", session.state.technicians},
          {"undelivered", session.undelivered},
          {"dead", session.dead}};
}

Result<Json> PostsOf(Store& store, const std::string& session_id) {
  Json posts = Json::array();
  auto read = store.ListPostsOf(session_id, [&](const PostSummary& post) {
    posts.push_back({{"post_id", ToString(post.id)},
                     {"event", EventName(post.event)},
                     {"received_at", FormatTime(post.received_at)}});
  });
  if (!read) return read.error();
  return posts;
}

// Oldest first, as the posts are.
Result<Json> DeliveriesOf(Store& store, const std::string& session_id) {
  std::vector<Json> rows;
  auto read = store.ListDeliveries({{}, {}, session_id, {}}, 0, [&](const Delivery& delivery) {
    const std::string& error = delivery.last_error;
    rows.push_back({{"delivery_id", ToString(delivery.id)},
                    {"action", delivery.action},
                    {"state", StateName(delivery.state)},
                    {"attempts", delivery.attempts},
                    {"last_error", error.empty() ? Json() : Json(error)}});
  });
  if (!read) return read.error();
  return Json(std::vector<Json>(rows.rbegin(), rows.rend()));
}

Error NotThere(Store& store, const std::string& session_id) {
  const auto erasure = store.FindErasure(session_id);
  if (!erasure) return erasure.error();
  if (!*erasure) return {ErrorKind::BadInput, "there is no such session"};
  return {ErrorKind::BadInput, fmt::format("the session was erased on {} by {}",
                                           FormatTime((*erasure)->erased_at), (*erasure)->by)};
}

Result<Json> ReadSession(Store& store, const View& view, const std::string& session_id) {
  const auto found = store.FindSession(session_id);
  if (!found) return found.error();
  if (!*found) return NotThere(store, session_id);
  constexpr PostId kNewest{std::numeric_limits<std::int64_t>::max()};
  auto transcript = store.Transcript(session_id, kNewest);
  if (!transcript) return transcript.error();
  if (transcript->ends_with('\n')) transcript->pop_back();
  auto posts = PostsOf(store, session_id);
  if (!posts) return posts.error();
  auto deliveries = DeliveriesOf(store, session_id);
  if (!deliveries) return deliveries.error();
  return Json{{"session_id", session_id},   {"tracking0", (*found)->tracking0},
              {"transcript", *transcript},  {"chat", ChatValue(*transcript, view.system_lines)},
              {"posts", std::move(*posts)}, {"technicians", (*found)->technicians},
              {"closed", (*found)->closed}, {"deliveries", std::move(*deliveries)},
              {"lapsed", (*found)->lapsed}};
}

// The document of the session's newest post.
Result<Json> NewestVariables(Store& store, const Config& config, const Json& session) {
  const auto& posts = session["posts"];
  const auto id = ParseId(posts.back()["post_id"].get<std::string>());
  return ReadDocument(store, config, PostId{id.value_or(0)});
}

std::optional<SessionFilter> ReadSessionFilter(const Options& options) {
  SessionFilter filter{.open = options.open};
  if (!options.older_than) return filter;
  const auto age = ParseDuration(*options.older_than);
  if (!age) {
    static_cast<void>(Fail("--older-than: must be a time such as 12h"));
    return std::nullopt;
  }
  filter.silent_since = SystemClock().Now() - *age;
  return filter;
}

}  // namespace

int ListSessions(const Options& options) {
  const auto filter = ReadSessionFilter(options);
  if (!filter) return kExitUsage;
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  Listing listing(options, {"session_id", "last_post_at", "posts", "closed", "undelivered", "dead",
                            "tracking0", "technicians"});
  auto listed = place->store->ListSessions(
      *filter, options.limit, [&](const SessionSummary& session) { listing.Add(RowOf(session)); });
  if (!listed) return Fail(listed.error().message);
  listing.Finish();
  return kExitDone;
}

int ShowSession(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  for (const std::string& session_id : options.ids) {
    auto session = ReadSession(*place->store, place->config->view, session_id);
    if (!session) return Fail(session.error().message);
    if (options.json) {
      fmt::print("{}\n", ToText(*session));
      continue;
    }
    auto variables = NewestVariables(*place->store, *place->config, *session);
    // A post that is damaged hides nothing of its session but its own variables.
    if (!variables) status = Fail(variables.error().message);
    fmt::print("{}", SessionView(*session, variables ? *variables : Json::object(),
                                 place->config->view.labels));
  }
  return status;
}

}  // namespace relay
