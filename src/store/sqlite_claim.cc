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

// A last failure that lies ahead was written before the clock was put back: it says nothing.
bool IsLeftAlone(const CircuitPolicy& policy, const Circuit& circuit, Time now) {
  return now >= circuit.last_failure &&
         now - circuit.last_failure < ProbeWait(policy, circuit.failures);
}

}  // namespace

Result<ClaimAnswer> SqliteStore::ClaimDue(const ClaimRequest& request, Time now) {
  auto present = EnsurePresent();
  if (!present) return present.error();
  // Asked without the write lock first: most of the time there is nothing to claim.
  auto found = FindClaimable(request, now);
  if (!found) return found.error();
  if (const auto* refusal = std::get_if<ClaimRefusal>(&*found)) return ClaimAnswer(*refusal);
  const bool had_the_lock = connection_.in_transaction();
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  if (!had_the_lock) found = FindClaimable(request, now);
  if (!found) return found.error();
  if (const auto* refusal = std::get_if<ClaimRefusal>(&*found)) return ClaimAnswer(*refusal);
  auto claim = Take(std::get<DeliveryId>(*found), now + request.lease);
  if (!claim) return claim.error();
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return ClaimAnswer(std::move(*claim));
}

Result<std::variant<DeliveryId, ClaimRefusal>> SqliteStore::FindClaimable(
    const ClaimRequest& request, Time now) {
  using Found = std::variant<DeliveryId, ClaimRefusal>;
  auto due = FindDue(request, now);
  if (!due) return due.error();
  if (!*due) return Found(ClaimRefusal::NothingDue);
  auto circuit = ReadCircuit(request.action);
  if (!circuit) return circuit.error();
  if (IsLeftAlone(request.circuit, *circuit, now)) return Found(ClaimRefusal::CircuitOpen);
  const bool probing = circuit->failures >= request.circuit.trip_after;
  // By the few that are claimed; by their times it would look at every retry that waits.
  auto claimed =
      One(connection_.Query("SELECT count(*) FROM delivery INDEXED BY delivery_by_state"
                            " WHERE action = ? AND state = 'claimed' AND next_at > ?"
                            " AND next_at <= ?",
                            request.action, ToRow(now), ToRow(now + request.furthest)));
  if (!claimed) return claimed.error();
  if (*claimed >= (probing ? 1 : request.concurrency)) return Found(ClaimRefusal::AtLimit);
  return Found(**due);
}

Result<std::optional<DeliveryId>> SqliteStore::FindDue(const ClaimRequest& request, Time now) {
  constexpr std::string_view kDue =
      "SELECT id FROM delivery WHERE action = ? AND (attempts > 0) = ? AND next_at <= ?"
      " ORDER BY next_at LIMIT 1";
  constexpr std::string_view kBeyond =
      "SELECT id FROM delivery WHERE action = ? AND (attempts > 0) = ? AND next_at > ?"
      " ORDER BY next_at DESC LIMIT 1";
  const int first = request.turn == Turn::Retried ? 1 : 0;
  const std::pair<std::string_view, Time> looks[] = {{kDue, now},
                                                     {kBeyond, now + request.furthest}};
  for (const auto& [look, limit] : looks) {
    for (const int retried : {first, 1 - first}) {
      auto id = One(connection_.Query(look, request.action, retried, ToRow(limit)));
      if (!id) return id.error();
      if (*id != 0) return std::optional(DeliveryId{*id});
    }
  }
  return std::optional<DeliveryId>();
}

Result<Claim> SqliteStore::Take(DeliveryId id, Time lease_end) {
  auto row = connection_.Query(
      "UPDATE delivery SET state = 'claimed', attempts = attempts + 1, next_at = ?2 WHERE id = ?1"
      " RETURNING post_id, session_id, action, attempts, created_at, last_error",
      id.value, ToRow(lease_end));
  if (!row) return row.error();
  auto found = row->Step();
  if (!found) return found.error();
  Claim claim;
  claim.attempt = static_cast<int>(row->Int(3));
  claim.delivery = {id,
                    PostId{row->Int(0)},
                    row->Text(1),
                    row->Text(2),
                    DeliveryState::Claimed,
                    claim.attempt,
                    TimeFromRow(row->Int(4)),
                    lease_end,
                    row->Text(5)};
  return claim;
}

Result<FinishResult> SqliteStore::Finish(const relay::Finish& finish, Time now) {
  auto transaction = BeginWrite();
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
        " blocks = CASE WHEN ?7 THEN blocks ELSE 0 END, last_answer = ?8"
        " WHERE id = ?1 AND state = 'claimed' AND attempts = ?2 RETURNING action, session_id",
        finish.id.value, finish.attempt, StateName(finish.state),
        again ? std::optional(ToRow(finish.next_try)) : std::nullopt, finish.error,
        again ? std::nullopt : std::optional(ToRow(now)), again || holds ? 1 : 0,
        finish.state == DeliveryState::Done ? "" : finish.answer);
    if (!row) return row.error();
    auto found = row->Step();
    if (!found) return found.error();
    if (!*found) return FinishResult::LostClaim;
    action = row->Text(0);
    session_id = row->Text(1);
  }
  auto settled = SettleLine(action, session_id, now);
  if (settled) settled = CountReach(action, finish, now);
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
      " AND NOT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_by_state WHERE action = ?1"
      "   AND session_id = ?2 AND blocks = 1 AND state = 'claimed')",
      action, session_id, ToRow(now));
}

Result<std::optional<Time>> SqliteStore::NextDue(std::span<const std::string> actions) {
  std::optional<Time> earliest;
  for (const std::string& action : actions) {
    for (const int retried : {0, 1}) {
      auto query = connection_.Query(
          "SELECT next_at FROM delivery WHERE action = ? AND (attempts > 0) = ?"
          " AND next_at IS NOT NULL ORDER BY next_at LIMIT 1",
          action, retried);
      if (!query) return query.error();
      auto row = query->Step();
      if (!row) return row.error();
      if (!*row) continue;
      const Time due = TimeFromRow(query->Int(0));
      if (!earliest || due < *earliest) earliest = due;
    }
  }
  return earliest;
}

Result<void> SqliteStore::PauseAction(const std::string& action, const std::string& reason,
                                      Time now) {
  auto present = EnsurePresent();
  if (!present) return present;
  return connection_.Execute(
      "INSERT INTO action_pause (action, reason, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      action, reason, ToRow(now));
}

Result<bool> SqliteStore::ResumeAction(const std::string& action) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  std::int64_t removed = 0;
  for (const char* table : {"DELETE FROM action_pause WHERE action = ?",
                            "DELETE FROM action_circuit WHERE action = ?"}) {
    auto deleted = connection_.Execute(table, action);
    if (!deleted) return deleted.error();
    removed += connection_.changes();
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return removed > 0;
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
