// Removing a session on request, without leaving its bytes in the file.
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<SqliteStore::Erased> SqliteStore::EraseSession(const std::string& session_id,
                                                      std::span<const QuarantineId> quarantined,
                                                      const std::string& by, Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  auto erasure = EraseRows(session_id, quarantined);
  if (!erasure) return erasure.error();
  erasure->by = by;
  erasure->erased_at = now;
  if (erasure->posts == 0 && erasure->deliveries == 0 && erasure->quarantined == 0) {
    return Error{ErrorKind::BadInput, "there is no such session"};
  }
  auto recorded =
      connection_.Execute("INSERT INTO erasure VALUES (?, ?, ?, ?, ?, ?)", session_id, ToRow(now),
                          by, erasure->posts, erasure->deliveries, erasure->quarantined);
  if (!recorded) return recorded.error();
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  const auto truncated = TruncateLog();
  return Erased{std::move(*erasure), truncated && *truncated};
}

Result<Erasure> SqliteStore::EraseRows(const std::string& session_id,
                                       std::span<const QuarantineId> quarantined) {
  Erasure erasure;
  auto removed = connection_.Execute("DELETE FROM delivery WHERE session_id = ?", session_id);
  if (!removed) return removed.error();
  erasure.deliveries = connection_.changes();
  removed = connection_.Execute("DELETE FROM post WHERE session_id = ?", session_id);
  if (!removed) return removed.error();
  erasure.posts = connection_.changes();
  removed = connection_.Execute("DELETE FROM session WHERE session_id = ?", session_id);
  if (!removed) return removed.error();
  for (const QuarantineId id : quarantined) {
    removed = connection_.Execute("DELETE FROM quarantine WHERE id = ?", id.value);
    if (!removed) return removed.error();
    erasure.quarantined += connection_.changes();
  }
  return erasure;
}

// The log holds pages as they were until it begins anew. False where somebody still reads them.
Result<bool> SqliteStore::TruncateLog() {
  const auto busy = OneNumber(connection_.Query("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (!busy) return busy.error();
  return *busy == 0;
}

Result<std::optional<Erasure>> SqliteStore::FindErasure(const std::string& session_id) {
  auto query = connection_.Query(
      "SELECT erased_at, by, posts, deliveries, quarantined FROM erasure WHERE session_id = ?"
      " ORDER BY erased_at DESC LIMIT 1",
      session_id);
  if (!query) return query.error();
  const auto row = query->Step();
  if (!row) return row.error();
  if (!*row) return std::optional<Erasure>();
  return std::optional(Erasure{TimeFromRow(query->Int(0)), query->Text(1), query->Int(2),
                               query->Int(3), query->Int(4)});
}

}  // namespace relay
