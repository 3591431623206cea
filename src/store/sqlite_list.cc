// Reading: changes nothing.
#include <fmt/format.h>

#include <cstdint>

#include "model/event.h"
#include "store/delivery_pages.h"
#include "store/post_digest.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

EventSource ParseEventSource(const std::string& name) {
  return name == EventSourceName(EventSource::Endpoint) ? EventSource::Endpoint
                                                        : EventSource::Inferred;
}

constexpr const char* kPostColumns = "id, session_id, received_at, endpoint, event, body_length";

PostSummary PostFromRow(const sql::Statement& row) {
  return {PostId{row.Int(0)},
          row.Text(1),
          TimeFromRow(row.Int(2)),
          row.Text(3),
          ParseEvent(row.Text(4)).value_or(Event::Updated),
          row.Int(5)};
}

Error Damaged(PostId id) {
  return {ErrorKind::Corrupt,
          "post " + ToString(id) + " is damaged in the store: it is not what was received"};
}

}  // namespace

Result<std::string> SqliteStore::UnpackedText(const sql::Statement& row, int packed, int column) {
  return row.Int(packed) == 0 ? row.Text(column) : packer_.Unpack(row.Text(column));
}

Result<std::optional<PostInSession>> SqliteStore::FindPost(PostId id) {
  auto row = connection_.Query(
      "SELECT p.session_id, p.received_at, p.endpoint, p.content_type, p.query, p.remote_addr,"
      " p.remote_user, p.event, p.event_source, p.packed, p.adds, p.body, p.session_posts,"
      " p.session_technicians, p.session_closed, s.first_post_at, p.digest,"
      " p.trace_id"
      " FROM post p LEFT JOIN session s USING (session_id) WHERE p.id = ?",
      id.value);
  if (!row) return row.error();
  auto found = row->Step();
  if (!found) return found.error();
  if (!*found) return std::optional<PostInSession>();
  auto adds = UnpackedText(*row, 9, 10);
  auto body = UnpackedText(*row, 9, 11);
  if (!adds || !body) return Damaged(id);
  PostInSession result;
  StoredPost& post = result.post;
  post.id = id;
  post.session_id = row->Text(0);
  post.raw = {row->Text(2),
              row->Text(3),
              row->Text(4),
              *std::move(body),
              row->Text(5),
              OptionalText(*row, 6),
              TimeFromRow(row->Int(1)),
              row->Text(17)};
  if (row->Text(16) != AsBytes(DigestOf(post.raw))) {
    return Damaged(id);
  }
  post.facts = {ParseEvent(row->Text(7)).value_or(Event::Updated), ParseEventSource(row->Text(8)),
                *std::move(adds)};
  result.session.posts = row->Int(12);
  result.session.technicians = NamesFromRow(row->Text(13));
  result.session.closed = row->Int(14) != 0;
  result.session.first_post_at = TimeFromRow(row->Int(15));
  result.session.last_post_at = post.raw.received_at;
  return std::optional(std::move(result));
}

Result<std::string> SqliteStore::Transcript(const std::string& session_id, PostId up_to) {
  auto row = connection_.Query(
      "SELECT packed, adds, id FROM post WHERE session_id = ? AND id <= ? ORDER BY id", session_id,
      up_to.value);
  if (!row) return row.error();
  std::string transcript;
  auto found = row->Step();
  for (; found && *found; found = row->Step()) {
    auto adds = UnpackedText(*row, 0, 1);
    if (!adds) return Damaged(PostId{row->Int(2)});
    transcript += *adds;
  }
  if (!found) return found.error();
  return transcript;
}

Result<void> SqliteStore::ListPosts(std::size_t limit,
                                    const std::function<void(const PostSummary&)>& each) {
  std::int64_t before = INT64_MAX;
  const auto read = [&](std::size_t most) -> Result<std::vector<PostSummary>> {
    std::vector<PostSummary> page;
    auto done =
        ForEach(connection_.Query(fmt::format("SELECT {} FROM post WHERE id < ? ORDER BY id DESC"
                                              " LIMIT ?",
                                              kPostColumns),
                                  before, static_cast<std::int64_t>(most)),
                [&](const sql::Statement& row) { page.push_back(PostFromRow(row)); });
    if (!done) return done.error();
    if (!page.empty()) before = page.back().id.value;
    return page;
  };
  return ForEachPage(limit, read, each);
}

Result<void> SqliteStore::ListPostsOf(const std::string& session_id,
                                      const std::function<void(const PostSummary&)>& each) {
  std::vector<PostSummary> posts;
  auto read =
      ForEach(connection_.Query(
                  fmt::format("SELECT {} FROM post WHERE session_id = ? ORDER BY id", kPostColumns),
                  session_id),
              [&](const sql::Statement& row) { posts.push_back(PostFromRow(row)); });
  if (!read) return read.error();
  for (const PostSummary& post : posts) each(post);
  return {};
}

Result<void> SqliteStore::ListDeliveries(const DeliveryFilter& filter, std::size_t limit,
                                         const std::function<void(const Delivery&)>& each) {
  DeliveryPages pages(connection_, filter, {}, DeliveryOrder::NewestFirst);
  return ForEachPage(
      limit, [&](std::size_t most) { return pages.Next(most); }, each);
}

}  // namespace relay
