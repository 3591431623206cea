// What is known of the destinations of actions, and what that means for their deliveries.
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<void> SqliteStore::CountReach(const std::string& action, const relay::Finish& finish,
                                     Time now) {
  switch (finish.reach) {
    case Reach::Unknown:
      return {};
    case Reach::Answered:
      return connection_.Execute("DELETE FROM action_circuit WHERE action = ?", action);
    case Reach::Failed:
      return connection_.Execute(
          "INSERT INTO action_circuit (action, failures, last_failure, reason) VALUES (?, 1, ?, ?)"
          " ON CONFLICT (action) DO UPDATE SET failures = failures + 1,"
          " last_failure = excluded.last_failure, reason = excluded.reason",
          action, ToRow(now), finish.error);
  }
  return {};
}

Result<Circuit> SqliteStore::ReadCircuit(const std::string& action) {
  auto row = connection_.Query(
      "SELECT failures, last_failure, reason FROM action_circuit WHERE action = ?", action);
  if (!row) return row.error();
  auto found = row->Step();
  if (!found) return found.error();
  if (!*found) return Circuit{action, 0, {}, {}};
  return Circuit{action, static_cast<int>(row->Int(0)), TimeFromRow(row->Int(1)), row->Text(2)};
}

Result<std::vector<Circuit>> SqliteStore::Circuits() {
  auto row = connection_.Query(
      "SELECT action, failures, last_failure, reason FROM action_circuit ORDER BY action");
  if (!row) return row.error();
  std::vector<Circuit> circuits;
  auto found = row->Step();
  for (; found && *found; found = row->Step()) {
    circuits.push_back(
        {row->Text(0), static_cast<int>(row->Int(1)), TimeFromRow(row->Int(2)), row->Text(3)});
  }
  if (!found) return found.error();
  return circuits;
}

Result<std::size_t> SqliteStore::GiveUp(const Overdue& overdue, Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  std::size_t count = 0;
  for (const int retried : {0, 1}) {
    bool more = true;
    while (more && count < overdue.most) {
      auto given_up = GiveUpOldest(overdue, retried, now);
      if (!given_up) return given_up.error();
      more = *given_up;
      if (more) ++count;
    }
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return count;
}

// Of one line; false where its first is young enough. The line is in the order of their times,
// which is nearly that of their age.
Result<bool> SqliteStore::GiveUpOldest(const Overdue& overdue, int retried, Time now) {
  std::string session_id;
  {
    auto row = connection_.Query(
        "UPDATE delivery SET state = 'dead', next_at = NULL, finished_at = ?4,"
        " blocks = CASE WHEN ?5 THEN blocks ELSE 0 END,"
        " last_error = 'given up because of its age: ' || CASE WHEN last_error <> ''"
        "   THEN last_error ELSE coalesce((SELECT reason FROM action_circuit"
        "   WHERE action = delivery.action), 'not tried') END"
        " WHERE id = (SELECT id FROM delivery WHERE action = ?1 AND (attempts > 0) = ?2"
        "   AND next_at <= ?4 AND state = 'due' ORDER BY next_at LIMIT 1) AND created_at <= ?3"
        " RETURNING session_id",
        overdue.action, retried, ToRow(overdue.created_before), ToRow(now),
        overdue.on_dead == OnDead::Hold ? 1 : 0);
    if (!row) return row.error();
    auto found = row->Step();
    if (!found) return found.error();
    if (!*found) return false;
    session_id = row->Text(0);
  }
  auto settled = SettleLine(overdue.action, session_id, now);
  if (!settled) return settled.error();
  return true;
}

Result<bool> SqliteStore::Condemn(const Condemned& condemned, Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  std::string action;
  std::string session_id;
  {
    auto row = connection_.Query(
        "UPDATE delivery SET state = 'dead', next_at = NULL, finished_at = ?2, last_error = ?3,"
        " blocks = CASE WHEN ?4 THEN blocks ELSE 0 END WHERE id = ?1 AND state IN ('due', 'held')"
        " RETURNING action, session_id",
        condemned.id.value, ToRow(now), condemned.reason,
        condemned.on_dead == OnDead::Hold ? 1 : 0);
    if (!row) return row.error();
    auto found = row->Step();
    if (!found) return found.error();
    if (!*found) return false;
    action = row->Text(0);
    session_id = row->Text(1);
  }
  auto settled = SettleLine(action, session_id, now);
  if (!settled) return settled.error();
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return true;
}

}  // namespace relay
