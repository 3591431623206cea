// Receiving: S1 → S2 of docs/internals.md.
#include <algorithm>

#include "model/event.h"
#include "store/post_digest.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

sql::Blob AsBlob(const Digest& digest) {
  return {AsBytes(digest)};
}

// Every item that had been stored is lost with the transaction.
template <class T>
std::vector<Result<T>> FailAll(std::size_t count, const Error& error) {
  return std::vector<Result<T>>(count, Result<T>(error));
}

}  // namespace

// All at once, as nearly always goes well. Where one of them cannot be stored all are undone and go
// in parts of their own, so that the one disturbs no other. Not so from the start: SQLite copies
// each page that is changed within a savepoint.
template <class T, class Item, class Each>
std::vector<Result<T>> SqliteStore::InOneTransaction(std::span<const Item> items,
                                                     const Each& each) {
  {
    auto transaction = BeginWrite();
    if (!transaction) return FailAll<T>(items.size(), transaction.error());
    std::vector<Result<T>> results;
    results.reserve(items.size());
    for (const Item& item : items) {
      results.push_back(each(item));
      if (!results.back()) break;
    }
    if (results.empty() || results.back()) return CommitAll(*transaction, std::move(results));
    if (!transaction->is_open()) return FailAll<T>(items.size(), results.back().error());
    if (items.size() == 1) return results;
  }
  return InParts<T>(items, each);
}

template <class T, class Item, class Each>
std::vector<Result<T>> SqliteStore::InParts(std::span<const Item> items, const Each& each) {
  auto transaction = BeginWrite();
  if (!transaction) return FailAll<T>(items.size(), transaction.error());
  std::vector<Result<T>> results;
  results.reserve(items.size());
  for (const Item& item : items) {
    auto part = sql::Transaction::Begin(connection_);
    if (!part) return FailAll<T>(items.size(), part.error());
    auto stored = each(item);
    if (stored) {
      auto kept = part->Commit();
      if (!kept) stored = kept.error();
    }
    if (!transaction->is_open()) return FailAll<T>(items.size(), stored.error());
    results.push_back(std::move(stored));
  }
  return CommitAll(*transaction, std::move(results));
}

template <class T>
std::vector<Result<T>> SqliteStore::CommitAll(sql::Transaction& transaction,
                                              std::vector<Result<T>> results) const {
  auto committed = transaction.Commit();
  if (committed) committed = CheckPresent();
  if (!committed) return FailAll<T>(results.size(), committed.error());
  return results;
}

std::vector<Result<Accepted>> SqliteStore::Accept(std::span<const NewPost> posts) {
  return InOneTransaction<Accepted>(posts, [this](const NewPost& post) { return AcceptOne(post); });
}

Result<Accepted> SqliteStore::AcceptOne(const NewPost& post) {
  const Digest digest = DigestOf(post.raw);
  {
    auto same =
        connection_.Query("SELECT id, trace_id FROM post WHERE session_id = ? AND digest = ?",
                          post.session_id, AsBlob(digest));
    if (!same) return same.error();
    auto found = same->Step();
    if (!found) return found.error();
    if (*found) return Accepted{PostId{same->Int(0)}, true, 0, same->Text(1)};
  }
  auto before = ReadSession(post.session_id);
  if (!before) return before.error();
  auto id = NextPostId();
  if (!id) return id.error();
  auto plan = post.plan(*id, *before, [&] { return Transcript(post.session_id, *id); });
  if (!plan) return plan.error();
  auto stored = InsertPost(*id, post, digest, *plan);
  if (stored) stored = WriteSession(post.session_id, *id, plan->state);
  if (!stored) return stored.error();
  for (const NewDelivery& delivery : plan->deliveries) {
    auto inserted = InsertDelivery(*id, post.session_id, delivery, post.raw.received_at);
    if (!inserted) return inserted.error();
  }
  return Accepted{*id, false, plan->deliveries.size(), post.raw.trace_id};
}

// Known before the row is there, because the plan's expressions may speak of it. No other writer
// can take it: this transaction has the lock.
Result<PostId> SqliteStore::NextPostId() {
  auto query = connection_.Query("SELECT seq FROM sqlite_sequence WHERE name = 'post'");
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  return PostId{*row ? query->Int(0) + 1 : 1};
}

Result<SessionState> SqliteStore::ReadSession(const std::string& session_id) {
  auto query = connection_.Query(
      "SELECT posts, first_post_at, last_post_at, last_pickup, closed, tracking0, technicians,"
      " held_length, held_digest, held_tail, lapsed FROM session WHERE session_id = ?",
      session_id);
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  SessionState state;
  if (!*row) return state;
  state.posts = query->Int(0);
  state.first_post_at = TimeFromRow(query->Int(1));
  state.last_post_at = TimeFromRow(query->Int(2));
  state.last_pickup = OptionalTime(*query, 3);
  state.closed = query->Int(4) != 0;
  state.tracking0 = query->Text(5);
  state.technicians = NamesFromRow(query->Text(6));
  state.held_length = query->Int(7);
  const std::string digest = query->Text(8);
  std::copy_n(digest.begin(), std::min(digest.size(), state.held_digest.size()),
              state.held_digest.begin());
  state.held_tail = query->Text(9);
  state.lapsed = query->Int(10) != 0;
  return state;
}

Result<void> SqliteStore::WriteSession(const std::string& session_id, PostId last_post,
                                       const SessionState& state) {
  return connection_.Execute(
      "INSERT INTO session (session_id, posts, first_post_at, last_post_at, last_pickup, closed,"
      " tracking0, technicians, held_length, held_digest, held_tail, last_post, lapsed)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (session_id) DO UPDATE SET posts = excluded.posts,"
      " first_post_at = excluded.first_post_at, last_post_at = excluded.last_post_at,"
      " last_pickup = excluded.last_pickup, closed = excluded.closed,"
      " tracking0 = excluded.tracking0, technicians = excluded.technicians,"
      " held_length = excluded.held_length, held_digest = excluded.held_digest,"
      " held_tail = excluded.held_tail, last_post = excluded.last_post,"
      " lapsed = excluded.lapsed",
      session_id, state.posts, ToRow(state.first_post_at), ToRow(state.last_post_at),
      ToRow(state.last_pickup), state.closed ? 1 : 0, state.tracking0,
      NamesToRow(state.technicians), state.held_length, AsBlob(state.held_digest), state.held_tail,
      last_post.value, state.lapsed ? 1 : 0);
}

Result<void> SqliteStore::InsertPost(PostId id, const NewPost& post, const Digest& digest,
                                     const Plan& plan) {
  const RawPost& raw = post.raw;
  const auto adds = packer_.Pack(plan.facts.adds);
  if (!adds) return adds.error();
  const auto body = packer_.Pack(raw.body);
  if (!body) return body.error();
  return connection_.Execute(
      "INSERT INTO post (id, digest, session_id, received_at, endpoint, content_type, query,"
      " remote_addr, remote_user, trace_id, event, event_source, session_posts,"
      " session_technicians, session_closed, body_length, packed, adds, body)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
      id.value, AsBlob(digest), post.session_id, ToRow(raw.received_at), raw.endpoint,
      raw.content_type, raw.query, raw.remote_addr, raw.remote_user, raw.trace_id,
      EventName(plan.facts.event), EventSourceName(plan.facts.event_source), plan.state.posts,
      NamesToRow(plan.state.technicians), plan.state.closed ? 1 : 0,
      static_cast<std::int64_t>(raw.body.size()), sql::Blob{*adds}, sql::Blob{*body});
}

Result<DeliveryId> SqliteStore::InsertDelivery(PostId post, const std::string& session_id,
                                               const NewDelivery& delivery, Time now) {
  const bool dead = !delivery.dead_reason.empty();
  const bool ordered = delivery.order == Order::Session;
  const bool blocks = ordered && (!dead || delivery.on_dead == OnDead::Hold);
  auto inserted = connection_.Execute(
      "INSERT INTO delivery (post_id, session_id, action, state, ordered, blocks, created_at,"
      " next_at, finished_at, last_error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
      " CASE WHEN ?4 = 'dead' OR (?5 AND EXISTS (SELECT 1 FROM delivery WHERE action = ?3"
      "   AND session_id = ?2 AND blocks = 1)) THEN NULL ELSE ?7 END,"
      " CASE WHEN ?4 = 'dead' THEN ?7 END, ?8)",
      post.value, session_id, delivery.action,
      StateName(dead ? DeliveryState::Dead : DeliveryState::Due), ordered ? 1 : 0, blocks ? 1 : 0,
      ToRow(now), delivery.dead_reason);
  if (!inserted) return inserted.error();
  return DeliveryId{connection_.last_insert_id()};
}

std::vector<Result<QuarantineId>> SqliteStore::Quarantine(std::span<const NewQuarantined> items,
                                                          Time now) {
  const auto all = [&] {
    return InOneTransaction<QuarantineId>(
        items, [&](const NewQuarantined& item) { return QuarantineOne(item, now); });
  };
  auto results = all();
  // The last resort: nothing can be kept in this file any more.
  if (!results.empty() && !results.front() && results.front().error().kind == ErrorKind::Corrupt &&
      Replace().ok()) {
    return all();
  }
  return results;
}

Result<QuarantineId> SqliteStore::QuarantineOne(const NewQuarantined& item, Time now) {
  const Digest digest = DigestOf(item.raw);
  // The update that changes nothing makes RETURNING answer for a repeat, too.
  auto row = connection_.Query(
      "INSERT INTO quarantine (digest, received_at, endpoint, content_type, query, remote_addr,"
      " remote_user, reason, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (digest) DO UPDATE SET reason = excluded.reason RETURNING id",
      AsBlob(digest), ToRow(now), item.raw.endpoint, item.raw.content_type, item.raw.query,
      item.raw.remote_addr, item.raw.remote_user, item.reason, item.headers,
      sql::Blob{item.raw.body});
  if (!row) return row.error();
  auto stored = row->Step();
  if (!stored) return stored.error();
  return QuarantineId{row->Int(0)};
}

}  // namespace relay
