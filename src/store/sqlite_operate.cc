// What operators change by hand.
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {

Result<std::int64_t> SqliteStore::Retry(const DeliveryFilter& filter, Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  auto selected = Select(filter);
  if (!selected) return selected.error();
  std::int64_t count = 0;
  for (const Delivery& delivery : *selected) {
    // Its age counts from now on: otherwise one that gave up by age would give up again at once.
    auto revived = connection_.Execute(
        "UPDATE delivery SET state = 'due', blocks = ordered, finished_at = NULL,"
        " created_at = CASE WHEN state = 'dead' THEN ?2 ELSE created_at END,"
        " next_at = CASE WHEN ordered THEN NULL ELSE ?2 END"
        " WHERE id = ?1 AND state IN ('due', 'dead')",
        delivery.id.value, ToRow(now));
    if (!revived) return revived.error();
    if (connection_.changes() == 0) continue;
    ++count;
    // It may be older than the one whose turn it was: that one steps back.
    auto stepped_back = connection_.Execute(
        "UPDATE delivery SET next_at = NULL WHERE action = ?1 AND session_id = ?2 AND blocks = 1"
        " AND state = 'due' AND next_at IS NOT NULL",
        delivery.action, delivery.session_id);
    if (!stepped_back) return stepped_back.error();
    auto settled = SettleLine(delivery.action, delivery.session_id, now);
    if (!settled) return settled.error();
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return count;
}

Result<std::int64_t> SqliteStore::Drop(const DeliveryFilter& filter, Time now) {
  auto transaction = BeginWrite();
  if (!transaction) return transaction.error();
  auto selected = Select(filter);
  if (!selected) return selected.error();
  std::int64_t count = 0;
  for (const Delivery& delivery : *selected) {
    auto dropped = connection_.Execute("DELETE FROM delivery WHERE id = ? AND state <> 'claimed'",
                                       delivery.id.value);
    if (!dropped) return dropped.error();
    if (connection_.changes() == 0) continue;
    ++count;
    auto settled = SettleLine(delivery.action, delivery.session_id, now);
    if (!settled) return settled.error();
  }
  auto committed = transaction->Commit();
  if (!committed) return committed.error();
  return count;
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
