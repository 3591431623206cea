// What is kept for those who watch: numbers of all processes, and what was told.
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<std::vector<Measured>> SqliteStore::ReadMeasured() {
  std::vector<Measured> measured;
  auto read = ForEach(
      connection_.Query("SELECT metric, action, detail, bound, count, microseconds FROM measured"
                        " ORDER BY metric, action, detail, bound"),
      [&](const sql::Statement& row) {
        measured.push_back(
            {row.Text(0), row.Text(1), row.Text(2), row.Int(3), row.Int(4), row.Int(5)});
      });
  if (!read) return read.error();
  return measured;
}

Result<void> SqliteStore::AddMeasured(std::span<const Measured> measured) {
  if (measured.empty()) return EnsurePresent();
  return Together([&]() -> Result<void> {
    for (const Measured& one : measured) {
      auto added = connection_.Execute(
          "INSERT INTO measured (metric, action, detail, bound, count, microseconds)"
          " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count,"
          " microseconds = microseconds + excluded.microseconds",
          one.metric, one.action, one.detail, one.bound, one.count, one.microseconds);
      if (!added) return added;
    }
    return {};
  });
}

Result<std::vector<Notice>> SqliteStore::Notices() {
  std::vector<Notice> notices;
  auto read = ForEach(connection_.Query("SELECT alert, action, attempts, told, told_count, next_at"
                                        " FROM notice ORDER BY alert, action"),
                      [&](const sql::Statement& row) {
                        notices.push_back({row.Text(0), row.Text(1), static_cast<int>(row.Int(2)),
                                           row.Int(3), row.Int(4), TimeFromRow(row.Int(5))});
                      });
  if (!read) return read.error();
  return notices;
}

Result<bool> SqliteStore::ReplaceNotice(const Notice& seen, const Notice& next) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  // A new one is as a default Notice; a row that is there then is somebody else's.
  auto written = connection_.Execute(
      "INSERT INTO notice (alert, action, attempts, told, told_count, next_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET attempts = ?3, told = ?4,"
      " told_count = ?5, next_at = ?6"
      " WHERE attempts = ?7 AND told = ?8 AND told_count = ?9 AND next_at = ?10",
      seen.alert, seen.action, next.attempts, next.told, next.told_count, ToRow(next.next_at),
      seen.attempts, seen.told, seen.told_count, ToRow(seen.next_at));
  if (!written) return written.error();
  const bool replaced = connection_.changes() > 0;
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return replaced;
}

}  // namespace relay
