#include "intake/lapse.h"

#include <fmt/format.h>

#include "base/text.h"
#include "decode/decode.h"
#include "decode/encode_form.h"
#include "intake/planner.h"

namespace relay {
namespace {

// What no post of Rescue has in its query, so that this one is no repeat of another.
std::string Mark(PostId newest) {
  return "lapsed-after-post=" + ToString(newest);
}

RawPost LapseOf(const PostInSession& newest, const Fields& fields, Time now) {
  FieldList repeated;
  for (const Field& field : fields.all()) {
    if (!EqualsIgnoringCase(field.name, "ChatLog")) repeated.push_back(field);
  }
  RawPost raw;
  raw.content_type = "application/x-www-form-urlencoded; charset=utf-8";
  raw.query = Mark(newest.post.id);
  raw.body = EncodeForm(repeated);
  raw.received_at = now;
  return raw;
}

// False where a post came meanwhile, or another process was first.
Result<bool> RaiseLapse(Store& store, Planner& planner, const SessionSummary& session,
                        Time silent_since, Time now) {
  auto newest = store.FindPost(session.last_post);
  if (!newest) return newest.error();
  if (!*newest) return false;
  auto fields = Decode((*newest)->post.raw);
  if (!fields) return fields.error().Context("read stored post " + ToString(session.last_post));
  bool silent = true;
  NewPost post{LapseOf(**newest, *fields, now), session.session_id, {}};
  post.plan = [&, raw = post.raw](PostId id, const SessionState& before,
                                  const ReadTranscript& transcript) -> Result<Plan> {
    silent = !before.closed && !before.lapsed && before.last_post_at < silent_since;
    if (!silent) return Error{ErrorKind::BadInput, "the session goes on"};
    return planner.PlanLapse(id, raw, session.session_id, *fields, before, transcript);
  };
  const auto stored = store.Accept({&post, 1}).front();
  if (!silent) return false;
  if (!stored) return stored.error();
  return !stored->repeat;
}

}  // namespace

Result<void> EndSilentSessions(Store& store, const std::shared_ptr<const Config>& config, Time now,
                               const Log& log) {
  if (!config->session.give_up) return {};
  const Time silent_since = now - *config->session.give_up;
  std::vector<SessionSummary> silent;
  auto listed =
      store.ListSessions({.open = true, .silent_since = silent_since}, 0,
                         [&](const SessionSummary& session) { silent.push_back(session); });
  if (!listed || silent.empty()) return listed;
  Planner planner(config);
  std::size_t raised = 0;
  for (const SessionSummary& session : silent) {
    const auto done = RaiseLapse(store, planner, session, silent_since, now);
    if (!done && done.error().kind == ErrorKind::Temporary) return done.error();
    if (!done) log.Error("a session could not lapse: " + done.error().message);
    if (done && *done) ++raised;
  }
  if (raised > 0) log.Info(fmt::format("{} sessions have lapsed", raised));
  return {};
}

}  // namespace relay
