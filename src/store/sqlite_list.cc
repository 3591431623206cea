// Reading: changes nothing.
#include <fmt/format.h>

#include "model/event.h"
#include "store/post_digest.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

// SQLite takes a negative limit for none.
std::int64_t AsLimit(std::size_t limit) {
  return limit == 0 ? -1 : static_cast<std::int64_t>(limit);
}

EventSource ParseEventSource(const std::string& name) {
  return name == EventSourceName(EventSource::Endpoint) ? EventSource::Endpoint
                                                        : EventSource::Inferred;
}

std::optional<std::string> OptionalText(const sql::Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Text(column);
}

// Runs a query and hands over each row.
template <class Each>
Result<void> ForEach(Result<sql::Statement> query, const Each& each) {
  if (!query) return query.error();
  auto row = query->Step();
  for (; row && *row; row = query->Step()) each(*query);
  if (!row) return row.error();
  return {};
}

std::string Condition(const DeliveryFilter& filter) {
  std::string condition = "1";
  if (filter.action) condition += " AND action = :action";
  if (filter.session_id) condition += " AND session_id = :session";
  if (filter.state) condition += " AND state = :state";
  if (!filter.ids.empty()) {
    condition += " AND id IN (";
    for (const DeliveryId id : filter.ids) condition += ToString(id) + ",";
    condition.back() = ')';
  }
  return condition;
}

}  // namespace

Result<std::optional<PostInSession>> SqliteStore::FindPost(PostId id) {
  auto row = connection_.Query(
      "SELECT p.session_id, p.received_at, p.endpoint, p.content_type, p.query, p.remote_addr,"
      " p.remote_user, p.event, p.event_source, p.adds, p.body, p.session_posts,"
      " p.session_technicians, p.session_closed, s.first_post_at, p.digest"
      " FROM post p LEFT JOIN session s USING (session_id) WHERE p.id = ?",
      id.value);
  if (!row) return row.error();
  auto found = row->Step();
  if (!found) return found.error();
  if (!*found) return std::optional<PostInSession>();
  PostInSession result;
  StoredPost& post = result.post;
  post.id = id;
  post.session_id = row->Text(0);
  post.raw = {row->Text(2),
              row->Text(3),
              row->Text(4),
              row->Text(10),
              row->Text(5),
              OptionalText(*row, 6),
              TimeFromRow(row->Int(1))};
  if (row->Text(15) != AsBytes(DigestOf(post.raw))) {
    return Error{ErrorKind::Corrupt,
                 "post " + ToString(id) + " is damaged in the store: it is not what was received"};
  }
  post.facts = {ParseEvent(row->Text(7)).value_or(Event::Updated), ParseEventSource(row->Text(8)),
                row->Text(9)};
  result.session.posts = row->Int(11);
  result.session.technicians = NamesFromRow(row->Text(12));
  result.session.closed = row->Int(13) != 0;
  result.session.first_post_at = TimeFromRow(row->Int(14));
  result.session.last_post_at = post.raw.received_at;
  return std::optional(std::move(result));
}

Result<std::string> SqliteStore::Transcript(const std::string& session_id, PostId up_to) {
  std::string transcript;
  auto read = ForEach(
      connection_.Query("SELECT adds FROM post WHERE session_id = ? AND id <= ? ORDER BY id",
                        session_id, up_to.value),
      [&](const sql::Statement& row) { transcript += row.Text(0); });
  if (!read) return read.error();
  return transcript;
}

Result<void> SqliteStore::ListPosts(std::size_t limit,
                                    const std::function<void(const PostSummary&)>& each) {
  return ForEach(connection_.Query("SELECT id, session_id, received_at, endpoint, event,"
                                   " length(body) FROM post ORDER BY id DESC LIMIT ?",
                                   AsLimit(limit)),
                 [&](const sql::Statement& row) {
                   each({PostId{row.Int(0)}, row.Text(1), TimeFromRow(row.Int(2)), row.Text(3),
                         ParseEvent(row.Text(4)).value_or(Event::Updated), row.Int(5)});
                 });
}

Result<void> SqliteStore::ListDeliveries(const DeliveryFilter& filter, std::size_t limit,
                                         const std::function<void(const Delivery&)>& each) {
  auto query = connection_.Query(
      "SELECT id, post_id, session_id, action, state, attempts, created_at,"
      " next_at, last_error FROM delivery WHERE " +
      Condition(filter) + " ORDER BY id DESC LIMIT :limit");
  if (!query) return query.error();
  // SQLite numbers named parameters in the order in which they first stand in the text.
  int parameter = 0;
  if (filter.action) query->Bind(++parameter, *filter.action);
  if (filter.session_id) query->Bind(++parameter, *filter.session_id);
  if (filter.state) query->Bind(++parameter, StateName(*filter.state));
  query->Bind(++parameter, AsLimit(limit));
  return ForEach(std::move(query), [&](const sql::Statement& row) {
    each({DeliveryId{row.Int(0)}, PostId{row.Int(1)}, row.Text(2), row.Text(3),
          ParseState(row.Text(4)).value_or(DeliveryState::Held), static_cast<int>(row.Int(5)),
          TimeFromRow(row.Int(6)), OptionalTime(row, 7), row.Text(8)});
  });
}

Result<std::vector<Delivery>> SqliteStore::Select(const DeliveryFilter& filter) {
  std::vector<Delivery> selected;
  auto listed =
      ListDeliveries(filter, 0, [&](const Delivery& delivery) { selected.push_back(delivery); });
  if (!listed) return listed.error();
  return selected;
}

Result<void> SqliteStore::ListQuarantined(std::size_t limit,
                                          const std::function<void(const Quarantined&)>& each) {
  return ForEach(
      connection_.Query("SELECT id, received_at, endpoint, content_type, query, remote_addr,"
                        " remote_user, reason, headers, body FROM quarantine"
                        " ORDER BY id DESC LIMIT ?",
                        AsLimit(limit)),
      [&](const sql::Statement& row) {
        each({QuarantineId{row.Int(0)},
              {row.Text(2), row.Text(3), row.Text(4), row.Text(9), row.Text(5),
               OptionalText(row, 6), TimeFromRow(row.Int(1))},
              row.Text(8),
              row.Text(7)});
      });
}

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

}  // namespace relay
