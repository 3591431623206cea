// Numbers for those who watch over the store.
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<std::vector<QueueCount>> SqliteStore::CountDeliveries() {
  std::vector<QueueCount> counts;
  auto read = ForEach(
      connection_.Query("SELECT action, state, count(*) FROM delivery"
                        " GROUP BY action, state ORDER BY action, state"),
      [&](const sql::Statement& row) {
        counts.push_back(
            {row.Text(0), ParseState(row.Text(1)).value_or(DeliveryState::Held), row.Int(2)});
      });
  if (!read) return read.error();
  return counts;
}

Result<std::int64_t> SqliteStore::CountLate(const std::string& action, DeliveryState state,
                                            Time before) {
  return OneNumber(connection_.Query(
      "SELECT count(*) FROM delivery WHERE action = ? AND next_at < ? AND state = ?", action,
      ToRow(before), StateName(state)));
}

Result<std::optional<Time>> SqliteStore::OldestUndelivered(const std::string& action) {
  auto query = connection_.Query(
      "SELECT min(created_at) FROM delivery WHERE action = ? AND state IN ('due', 'claimed')",
      action);
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  return OptionalTime(*query, 0);
}

Result<StoreTotals> SqliteStore::Totals() {
  StoreTotals totals;
  auto version = OneNumber(connection_.Query("PRAGMA user_version"));
  if (!version) return version.error();
  totals.schema_version = *version;
  auto posts = OneNumber(connection_.Query("SELECT seq FROM sqlite_sequence WHERE name = 'post'"));
  if (!posts) return posts.error();
  totals.posts_stored = *posts;
  auto quarantined = OneNumber(connection_.Query("SELECT count(*) FROM quarantine"));
  if (!quarantined) return quarantined.error();
  totals.quarantined = *quarantined;
  return totals;
}

}  // namespace relay
