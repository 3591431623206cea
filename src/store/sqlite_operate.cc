// What operators change by hand.
#include <fmt/format.h>

#include <algorithm>

#include "store/delivery_pages.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

// Some 20 ms for SQLite; who waits for the lock meanwhile asks every half millisecond.
constexpr std::size_t kBatch = 500;

// Which states a change is for. IDs may name what is done, too; a filter must say so.
std::vector<DeliveryState> StatesFor(QueueChange change, const DeliveryFilter& filter) {
  switch (change) {
    case QueueChange::Retry:
      return {DeliveryState::Due, DeliveryState::Dead};
    case QueueChange::Hold:
      return {DeliveryState::Due};
    case QueueChange::Release:
      return {DeliveryState::Held};
    case QueueChange::Drop:
      break;
  }
  std::vector states{DeliveryState::Due, DeliveryState::Dead, DeliveryState::Held};
  if (!filter.ids.empty() || filter.state == DeliveryState::Done) {
    states.push_back(DeliveryState::Done);
  }
  return states;
}

// Batches of their own must not let a later delivery of a session overtake an earlier one: what is
// made due comes back oldest first, what is removed goes newest first.
DeliveryOrder OrderFor(QueueChange change) {
  return change == QueueChange::Drop ? DeliveryOrder::NewestFirst : DeliveryOrder::OldestFirst;
}

}  // namespace

Result<std::int64_t> SqliteStore::CountFor(QueueChange change, const DeliveryFilter& filter) {
  const auto states = StatesFor(change, filter);
  std::int64_t count = 0;
  if (filter.ids.empty() && !filter.session_id) {
    auto counts = CountDeliveries();
    if (!counts) return counts.error();
    for (const QueueCount& row : *counts) {
      if (filter.action && row.action != *filter.action) continue;
      if (filter.state && row.state != *filter.state) continue;
      if (std::ranges::find(states, row.state) != states.end()) count += row.count;
    }
    return count;
  }
  DeliveryPages pages(connection_, filter, states, OrderFor(change));
  for (;;) {
    auto page = pages.Next(kBatch);
    if (!page) return page.error();
    if (page->empty()) return count;
    count += std::ssize(*page);
  }
}

Result<std::int64_t> SqliteStore::Change(QueueChange change, const DeliveryFilter& filter,
                                         Time now) {
  DeliveryPages pages(connection_, filter, StatesFor(change, filter), OrderFor(change));
  std::int64_t count = 0;
  for (;;) {
    // Read before the transaction begins, which leaves others a moment to take the lock.
    auto page = pages.Next(kBatch);
    if (!page) return page.error();
    if (page->empty()) return count;
    auto changed = ChangeBatch(change, *page, now);
    if (!changed) return changed.error().Context(fmt::format("after {} deliveries", count));
    count += *changed;
  }
}

Result<std::int64_t> SqliteStore::ChangeBatch(QueueChange change, std::span<const Delivery> batch,
                                              Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  std::int64_t count = 0;
  for (const Delivery& delivery : batch) {
    auto changed = ChangeOne(change, delivery, now);
    if (!changed) return changed.error();
    if (*changed) ++count;
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return count;
}

Result<bool> SqliteStore::ChangeOne(QueueChange change, const Delivery& delivery, Time now) {
  switch (change) {
    case QueueChange::Retry:
      return Retry(delivery, now);
    case QueueChange::Hold:
      return Hold(delivery);
    case QueueChange::Release:
      return Release(delivery, now);
    case QueueChange::Drop:
      return Drop(delivery, now);
  }
  return false;
}

Result<bool> SqliteStore::Retry(const Delivery& delivery, Time now) {
  // Its age counts from now on: otherwise one that gave up by age would give up again at once.
  auto revived = connection_.Execute(
      "UPDATE delivery SET state = 'due', blocks = ordered, finished_at = NULL,"
      " created_at = CASE WHEN state = 'dead' THEN ?2 ELSE created_at END,"
      " next_at = CASE WHEN ordered THEN NULL ELSE ?2 END"
      " WHERE id = ?1 AND state IN ('due', 'dead')",
      delivery.id.value, ToRow(now));
  if (!revived) return revived.error();
  if (connection_.changes() == 0) return false;
  // It may be older than the one whose turn it was: that one steps back.
  auto settled = connection_.Execute(
      "UPDATE delivery SET next_at = NULL WHERE action = ?1 AND session_id = ?2 AND blocks = 1"
      " AND state = 'due' AND next_at IS NOT NULL",
      delivery.action, delivery.session_id);
  if (settled) settled = SettleLine(delivery.action, delivery.session_id, now);
  // Whoever says so knows that the destination is worth a try.
  if (settled) {
    settled = connection_.Execute("DELETE FROM action_circuit WHERE action = ?", delivery.action);
  }
  if (!settled) return settled.error();
  return true;
}

// It goes on to block its session: the next one becomes ready only when this one has ended.
Result<bool> SqliteStore::Hold(const Delivery& delivery) {
  auto held = connection_.Execute(
      "UPDATE delivery SET state = 'held', next_at = NULL WHERE id = ? AND state = 'due'",
      delivery.id.value);
  if (!held) return held.error();
  return connection_.changes() > 0;
}

Result<bool> SqliteStore::Release(const Delivery& delivery, Time now) {
  auto released = connection_.Execute(
      "UPDATE delivery SET state = 'due', created_at = ?2,"
      " next_at = CASE WHEN ordered THEN NULL ELSE ?2 END WHERE id = ?1 AND state = 'held'",
      delivery.id.value, ToRow(now));
  if (!released) return released.error();
  if (connection_.changes() == 0) return false;
  auto settled = SettleLine(delivery.action, delivery.session_id, now);
  if (!settled) return settled.error();
  return true;
}

Result<bool> SqliteStore::Drop(const Delivery& delivery, Time now) {
  // Of what has just been claimed or done, nothing is taken away.
  auto dropped = connection_.Execute(
      "DELETE FROM delivery WHERE id = ?1 AND state <> 'claimed'"
      " AND (state <> 'done' OR ?2 = 'done')",
      delivery.id.value, StateName(delivery.state));
  if (!dropped) return dropped.error();
  if (connection_.changes() == 0) return false;
  auto settled = SettleLine(delivery.action, delivery.session_id, now);
  if (!settled) return settled.error();
  return true;
}

Result<std::vector<DeliveryId>> SqliteStore::Replay(PostId post,
                                                    std::span<const NewDelivery> deliveries,
                                                    Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  auto found = FindPost(post);
  if (!found) return found.error();
  if (!*found) return Error{ErrorKind::BadInput, "there is no post " + ToString(post)};
  std::vector<DeliveryId> ids;
  for (const NewDelivery& delivery : deliveries) {
    auto id = InsertDelivery(post, (*found)->post.session_id, delivery, now);
    if (!id) return id.error();
    ids.push_back(*id);
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return ids;
}

}  // namespace relay
