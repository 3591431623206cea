// Delivering: S2 → S3 → S4 of docs/internals.md.
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

Result<std::int64_t> One(Result<sql::Statement> query) {
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  return *row ? query->Int(0) : 0;
}

}  // namespace

Result<ClaimAnswer> SqliteStore::ClaimDue(const ClaimRequest& request, Time now) {
  // Asked without the write lock first: most of the time nothing is due.
  auto due = One(
      connection_.Query("SELECT EXISTS (SELECT 1 FROM delivery WHERE action = ? AND next_at <= ?)",
                        request.action, ToRow(now)));
  if (!due) return due.error();
  if (*due == 0) return ClaimAnswer(ClaimRefusal::NothingDue);
  auto transaction = sql::Transaction::Begin(connection_);
  if (!transaction) return transaction.error();
  // By the few that are claimed; by their times it would look at every retry that waits.
  auto claimed =
      One(connection_.Query("SELECT count(*) FROM delivery INDEXED BY delivery_claimed"
                            " WHERE action = ? AND state = 'claimed' AND next_at > ?",
                            request.action, ToRow(now)));
  if (!claimed) return claimed.error();
  if (*claimed >= request.concurrency) return ClaimAnswer(ClaimRefusal::AtLimit);
  std::optional<Claim> claim;
  {
    auto row = connection_.Query(
        "UPDATE delivery SET state = 'claimed', attempts = attempts + 1, next_at = ?3"
        " WHERE id = (SELECT id FROM delivery WHERE action = ?1 AND next_at <= ?2"
        "             ORDER BY next_at LIMIT 1)"
        " RETURNING id, post_id, session_id, attempts, created_at, last_error",
        request.action, ToRow(now), ToRow(now + request.lease));
    if (!row) return row.error();
    auto found = row->Step();
    if (!found) return found.error();
    if (!*found) return ClaimAnswer(ClaimRefusal::NothingDue);
    claim.emplace();
    claim->delivery = {
        DeliveryId{row->Int(0)},  PostId{row->Int(1)},    row->Text(2),
        request.action,           DeliveryState::Claimed, static_cast<int>(row->Int(3)),
        TimeFromRow(row->Int(4)), now + request.lease,    row->Text(5)};
    claim->attempt = claim->delivery.attempts;
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return ClaimAnswer(std::move(*claim));
}

Result<FinishResult> SqliteStore::Finish(const relay::Finish& finish, Time now) {
  auto transaction = sql::Transaction::Begin(connection_);
  if (!transaction) return transaction.error();
  const bool again = finish.state == DeliveryState::Due;
  const bool holds = finish.state == DeliveryState::Dead && finish.on_dead == OnDead::Hold;
  std::string action;
  std::string session_id;
  {
    // The lease may have lapsed meanwhile and another worker may be at it: then no row matches.
    // An operator may have put an older delivery in front meanwhile: then this one waits behind it.
    auto row = connection_.Query(
        "UPDATE delivery SET state = ?3, next_at = CASE WHEN blocks = 1 AND EXISTS (SELECT 1"
        "   FROM delivery AS older WHERE older.action = delivery.action"
        "   AND older.session_id = delivery.session_id AND older.blocks = 1"
        "   AND older.id < delivery.id) THEN NULL ELSE ?4 END,"
        " last_error = ?5, finished_at = ?6,"
        " blocks = CASE WHEN ?7 THEN blocks ELSE 0 END"
        " WHERE id = ?1 AND state = 'claimed' AND attempts = ?2 RETURNING action, session_id",
        finish.id.value, finish.attempt, StateName(finish.state),
        again ? std::optional(ToRow(finish.next_try)) : std::nullopt, finish.error,
        again ? std::nullopt : std::optional(ToRow(now)), again || holds ? 1 : 0);
    if (!row) return row.error();
    auto found = row->Step();
    if (!found) return found.error();
    if (!*found) return FinishResult::LostClaim;
    action = row->Text(0);
    session_id = row->Text(1);
  }
  auto settled = SettleLine(action, session_id, now);
  if (!settled) return settled.error();
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return FinishResult::Recorded;
}

Result<void> SqliteStore::SettleLine(const std::string& action, const std::string& session_id,
                                     Time now) {
  // Whether one is claimed is asked by the few that are, not by all that wait in line.
  return connection_.Execute(
      "UPDATE delivery SET next_at = ?3 WHERE id = (SELECT id FROM delivery"
      "   WHERE action = ?1 AND session_id = ?2 AND blocks = 1 ORDER BY id LIMIT 1)"
      " AND state = 'due' AND next_at IS NULL"
      " AND NOT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_claimed WHERE action = ?1"
      "   AND session_id = ?2 AND blocks = 1 AND state = 'claimed')",
      action, session_id, ToRow(now));
}

Result<std::optional<Time>> SqliteStore::NextDue(std::span<const std::string> actions) {
  std::optional<Time> earliest;
  for (const std::string& action : actions) {
    auto query = connection_.Query(
        "SELECT next_at FROM delivery WHERE action = ? AND next_at IS NOT NULL"
        " ORDER BY next_at LIMIT 1",
        action);
    if (!query) return query.error();
    auto row = query->Step();
    if (!row) return row.error();
    if (!*row) continue;
    const Time due = TimeFromRow(query->Int(0));
    if (!earliest || due < *earliest) earliest = due;
  }
  return earliest;
}

Result<void> SqliteStore::PauseAction(const std::string& action, const std::string& reason,
                                      Time now) {
  return connection_.Execute(
      "INSERT INTO action_pause (action, reason, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      action, reason, ToRow(now));
}

Result<bool> SqliteStore::ResumeAction(const std::string& action) {
  auto deleted = connection_.Execute("DELETE FROM action_pause WHERE action = ?", action);
  if (!deleted) return deleted.error();
  return connection_.changes() > 0;
}

Result<std::vector<ActionPause>> SqliteStore::PausedActions() {
  auto query = connection_.Query("SELECT action, reason, since FROM action_pause ORDER BY action");
  if (!query) return query.error();
  std::vector<ActionPause> pauses;
  auto row = query->Step();
  for (; row && *row; row = query->Step()) {
    pauses.push_back({query->Text(0), query->Text(1), TimeFromRow(query->Int(2))});
  }
  if (!row) return row.error();
  return pauses;
}

}  // namespace relay
