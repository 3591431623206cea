// Folding a session anew from its stored posts.
#include <utility>

#include "model/event.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<Rebuilt> SqliteStore::RebuildSession(const std::string& session_id, RebuildMode mode,
                                            const Refold& fold) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  std::vector<PostId> ids;
  auto listed = ListPostsOf(session_id, [&](const PostSummary& post) { ids.push_back(post.id); });
  if (!listed) return listed.error();
  if (ids.empty()) return Error{ErrorKind::BadInput, "there is no such session"};
  Rebuilt rebuilt;
  SessionState state;
  for (const PostId id : ids) {
    auto stored = FindPost(id);
    if (!stored) return stored.error();
    auto folded =
        fold((*stored)->post, state, [&] { return Transcript(session_id, PostId{id.value - 1}); });
    if (!folded) return folded.error().Context("fold post " + ToString(id));
    auto changed = RewriteFacts(**stored, *folded);
    if (!changed) return changed.error();
    ++rebuilt.posts;
    if (*changed) ++rebuilt.changed;
    state = std::move(folded->state);
  }
  auto before = ReadSession(session_id);
  if (!before) return before.error();
  rebuilt.state_changed = *before != state;
  auto written = WriteSession(session_id, ids.back(), state);
  if (!written) return written.error();
  if (mode == RebuildMode::Compare) return rebuilt;  // and nothing of it stays
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return rebuilt;
}

Result<bool> SqliteStore::RewriteFacts(const PostInSession& stored, const Folded& folded) {
  const SessionState& now = folded.state;
  const SessionState& before = stored.session;
  if (stored.post.facts == folded.facts && before.posts == now.posts &&
      before.technicians == now.technicians && before.closed == now.closed) {
    return false;
  }
  const auto adds = packer_.Pack(folded.facts.adds);
  if (!adds) return adds.error();
  const auto body = packer_.Pack(stored.post.raw.body);
  if (!body) return body.error();
  auto written = connection_.Execute(
      "UPDATE post SET event = ?2, event_source = ?3, session_posts = ?4, session_technicians = ?5,"
      " session_closed = ?6, packed = 1, adds = ?7, body = ?8 WHERE id = ?1",
      stored.post.id.value, EventName(folded.facts.event),
      EventSourceName(folded.facts.event_source), now.posts, NamesToRow(now.technicians),
      now.closed ? 1 : 0, sql::Blob{*adds}, sql::Blob{*body});
  if (!written) return written.error();
  return true;
}

}  // namespace relay
