// Removing what is too old.
#include "store/page_queries.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

// To free the pages of a large body, SQLite reads each of them. A batch ends with the session or
// post that reaches this many bytes.
constexpr std::int64_t kMostBytes = std::int64_t{32} << 20;

}  // namespace

Result<Pruned> SqliteStore::Prune(const PruneRequest& request) {
  // Asked without the write lock first: most of the time there is nothing to remove.
  auto batch = SelectPrunable(request);
  if (!batch) return batch.error();
  if (batch->sessions.empty() && batch->quarantined.empty()) return Pruned{0, 0, 0, batch->next};
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  // A post may have come meanwhile, or a delivery been replayed.
  batch = SelectPrunable(request);
  if (!batch) return batch.error();
  auto pruned = Remove(*batch);
  if (!pruned) return pruned.error();
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return pruned;
}

Result<SqliteStore::PruneBatch> SqliteStore::SelectPrunable(const PruneRequest& request) {
  PruneBatch batch;
  auto selected = SelectOldSessions(request, batch);
  if (selected) selected = SelectOldQuarantined(request, batch);
  if (!selected) return selected.error();
  return batch;
}

Result<void> SqliteStore::SelectOldSessions(const PruneRequest& request, PruneBatch& batch) {
  auto query =
      connection_.Query(kOldSessionsQuery, ToRow(request.after), request.after_post.value,
                        ToRow(request.sessions_before), static_cast<std::int64_t>(request.most));
  if (!query) return query.error();
  PruneRequest next = request;
  std::size_t seen = 0;
  std::int64_t bytes = 0;
  auto row = query->Step();
  for (; row && *row; row = query->Step()) {
    ++seen;
    next.after = TimeFromRow(query->Int(1));
    next.after_post = PostId{query->Int(2)};
    if (query->IsNull(3)) continue;
    batch.sessions.push_back(query->Text(0));
    bytes += query->Int(3);
    if (bytes >= kMostBytes) break;
  }
  if (!row) return row.error();
  if (seen == request.most || bytes >= kMostBytes) batch.next = next;
  return {};
}

Result<void> SqliteStore::SelectOldQuarantined(const PruneRequest& request, PruneBatch& batch) {
  auto query = connection_.Query(kOldQuarantinedQuery, ToRow(request.quarantined_before),
                                 static_cast<std::int64_t>(request.most));
  if (!query) return query.error();
  std::int64_t bytes = 0;
  auto row = query->Step();
  for (; row && *row; row = query->Step()) {
    batch.quarantined.push_back(QuarantineId{query->Int(0)});
    bytes += query->Int(1);
    if (bytes >= kMostBytes) break;
  }
  if (!row) return row.error();
  const bool more = batch.quarantined.size() == request.most || bytes >= kMostBytes;
  if (more && !batch.next) batch.next = request;
  return {};
}

// Sessions go whole: their transcript is joined from their posts.
Result<Pruned> SqliteStore::Remove(const PruneBatch& batch) {
  Pruned pruned{0, 0, 0, batch.next};
  for (const std::string& session_id : batch.sessions) {
    auto removed = connection_.Execute("DELETE FROM delivery WHERE session_id = ?", session_id);
    if (removed) removed = connection_.Execute("DELETE FROM post WHERE session_id = ?", session_id);
    if (!removed) return removed.error();
    pruned.posts += connection_.changes();
    removed = connection_.Execute("DELETE FROM session WHERE session_id = ?", session_id);
    if (!removed) return removed.error();
    ++pruned.sessions;
  }
  for (const QuarantineId id : batch.quarantined) {
    auto removed = connection_.Execute("DELETE FROM quarantine WHERE id = ?", id.value);
    if (!removed) return removed.error();
    ++pruned.quarantined;
  }
  return pruned;
}

Result<Pruned> SqliteStore::CountPrunable(const PruneRequest& request) {
  Pruned prunable;
  auto counted = ForEach(
      connection_.Query("SELECT count(*), sum(posts) FROM session WHERE last_post_at < ?"
                        " AND NOT EXISTS (SELECT 1 FROM delivery"
                        "   WHERE delivery.session_id = session.session_id AND state <> 'done')",
                        ToRow(request.sessions_before)),
      [&](const sql::Statement& row) {
        prunable.sessions = row.Int(0);
        prunable.posts = row.Int(1);
      });
  if (!counted) return counted.error();
  auto quarantined = OneNumber(connection_.Query(
      "SELECT count(*) FROM quarantine WHERE received_at < ?", ToRow(request.quarantined_before)));
  if (!quarantined) return quarantined.error();
  prunable.quarantined = *quarantined;
  return prunable;
}

}  // namespace relay
