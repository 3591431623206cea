// What could not be decoded: reading it, and letting it go.
#include <cstdint>

#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<std::optional<Quarantined>> SqliteStore::FindQuarantined(QuarantineId id) {
  std::optional<Quarantined> found;
  auto read =
      ForEach(connection_.Query("SELECT received_at, endpoint, content_type, query, remote_addr,"
                                " remote_user, reason, headers, body FROM quarantine WHERE id = ?",
                                id.value),
              [&](const sql::Statement& row) {
                found = Quarantined{id,
                                    {row.Text(1), row.Text(2), row.Text(3), row.Text(8),
                                     row.Text(4), OptionalText(row, 5), TimeFromRow(row.Int(0))},
                                    row.Text(7),
                                    row.Text(6)};
              });
  if (!read) return read.error();
  return found;
}

Result<void> SqliteStore::ListQuarantined(
    std::size_t limit, const std::function<void(const QuarantinedSummary&)>& each) {
  std::int64_t before = INT64_MAX;
  const auto read = [&](std::size_t most) -> Result<std::vector<QuarantinedSummary>> {
    std::vector<QuarantinedSummary> page;
    auto done = ForEach(
        connection_.Query("SELECT id, received_at, endpoint, content_type, remote_addr, reason,"
                          " length(body) FROM quarantine WHERE id < ? ORDER BY id DESC LIMIT ?",
                          before, static_cast<std::int64_t>(most)),
        [&](const sql::Statement& row) {
          page.push_back({QuarantineId{row.Int(0)}, TimeFromRow(row.Int(1)), row.Text(2),
                          row.Text(3), row.Text(4), row.Text(5), row.Int(6)});
        });
    if (!done) return done.error();
    if (!page.empty()) before = page.back().id.value;
    return page;
  };
  return ForEachPage(limit, read, each);
}

Result<Accepted> SqliteStore::AcceptQuarantined(QuarantineId id, const NewPost& post, Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  auto left = connection_.Execute("DELETE FROM quarantine WHERE id = ?", id.value);
  if (!left) return left.error();
  if (connection_.changes() == 0) {
    return Error{ErrorKind::BadInput, "there is no quarantined post " + ToString(id)};
  }
  auto accepted = AcceptOne(post);
  if (!accepted) return accepted;
  if (!accepted->repeat) {
    // Otherwise a delivery of an old post would have given up by age before its first failure.
    auto renewed = connection_.Execute(
        "UPDATE delivery SET created_at = ?2, next_at = CASE WHEN next_at IS NULL THEN NULL"
        " ELSE ?2 END WHERE post_id = ?1",
        accepted->id.value, ToRow(now));
    if (!renewed) return renewed.error();
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return accepted;
}

Result<std::int64_t> SqliteStore::DropQuarantined(std::span<const QuarantineId> ids) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  std::int64_t count = 0;
  for (const QuarantineId id : ids) {
    auto dropped = connection_.Execute("DELETE FROM quarantine WHERE id = ?", id.value);
    if (!dropped) return dropped.error();
    count += connection_.changes();
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return count;
}

}  // namespace relay
