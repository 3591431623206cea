// Looking for what is not as it was written.
#include <limits>

#include "store/delivery_pages.h"
#include "store/post_digest.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

constexpr auto kPageRows = static_cast<std::int64_t>(kPage);

}  // namespace

Result<void> SqliteStore::FindDamage(DamageScope scope, const EachDamage& each,
                                     const StopRequested& stop) {
  switch (scope) {
    case DamageScope::Undelivered:
      return CheckUndelivered(each, stop);
    case DamageScope::Everything:
      break;
  }
  auto checked = CheckFile(each);
  if (checked) checked = CheckPosts(each);
  if (checked) checked = CheckDeliveries(each);
  if (checked) checked = CheckSessions(each);
  return checked;
}

Result<void> SqliteStore::CheckFile(const EachDamage& each) {
  return ForEach(connection_.Query("PRAGMA quick_check"), [&](const sql::Statement& row) {
    const std::string line = row.Text(0);
    if (line != "ok") each({{}, {}, "the file: " + line});
  });
}

Result<void> SqliteStore::CheckPosts(const EachDamage& each) {
  std::int64_t last = 0;
  for (;;) {
    std::vector<PostId> page;
    // IDs alone: a post whose bytes cannot be read must not end the look at the others.
    auto read = ForEach(
        connection_.Query("SELECT id FROM post WHERE id > ? ORDER BY id LIMIT ?", last, kPageRows),
        [&](const sql::Statement& row) { page.push_back(PostId{row.Int(0)}); });
    if (!read || page.empty()) return read;
    last = page.back().value;
    for (const PostId id : page) {
      const std::string wrong = Examine(id);
      if (!wrong.empty()) each({id, {}, wrong});
    }
  }
}

std::string SqliteStore::Examine(PostId id) {
  auto row = connection_.Query(
      "SELECT post.digest, endpoint, content_type, query, packed, body, adds,"
      " session.session_id IS NULL"
      " FROM post LEFT JOIN session USING (session_id) WHERE id = ?",
      id.value);
  if (!row) return "it cannot be read: " + row.error().message;
  auto found = row->Step();
  if (!found) return "it cannot be read: " + found.error().message;
  if (!*found) return "it is missing";
  RawPost raw;
  raw.endpoint = row->Text(1);
  raw.content_type = row->Text(2);
  raw.query = row->Text(3);
  auto body = UnpackedText(*row, 4, 5);
  if (body) raw.body = *std::move(body);
  if (!body || row->Text(0) != AsBytes(DigestOf(raw)) || !UnpackedText(*row, 4, 6)) {
    return "its bytes are not those that were stored";
  }
  if (row->Int(7) != 0) return "its session is missing";
  return "";
}

Result<void> SqliteStore::CheckDeliveries(const EachDamage& each) {
  std::int64_t last = 0;
  for (std::int64_t seen = 1; seen > 0;) {
    seen = 0;
    auto read = ForEach(
        connection_.Query("SELECT id, post_id, EXISTS (SELECT 1 FROM post WHERE id = post_id)"
                          " FROM delivery WHERE id > ? ORDER BY id LIMIT ?",
                          last, kPageRows),
        [&](const sql::Statement& row) {
          ++seen;
          last = row.Int(0);
          if (row.Int(2) == 0) each({PostId{row.Int(1)}, DeliveryId{last}, "its post is missing"});
        });
    if (!read) return read;
  }
  return {};
}

Result<void> SqliteStore::CheckSessions(const EachDamage& each) {
  std::string last;
  for (std::int64_t seen = 1; seen > 0;) {
    seen = 0;
    auto read = ForEach(
        connection_.Query("SELECT session_id, technicians, length(held_digest), held_length,"
                          " length(CAST(held_tail AS BLOB)),"
                          " (SELECT max(id) FROM post WHERE post.session_id = session.session_id)"
                          " FROM session WHERE session_id > ? ORDER BY session_id LIMIT ?",
                          last, kPageRows),
        [&](const sql::Statement& row) {
          ++seen;
          last = row.Text(0);
          // Named by its newest post: a SessionID is a posted value.
          const auto post = row.IsNull(5) ? std::nullopt : std::optional(PostId{row.Int(5)});
          if (!post) return each({{}, {}, "a session has no posts"});
          const bool readable = AreNames(row.Text(1)) &&
                                row.Int(2) == std::int64_t{sizeof(Digest)} &&
                                row.Int(4) <= row.Int(3);
          if (!readable) each({post, {}, "the row of its session cannot be read"});
        });
    if (!read) return read;
  }
  return {};
}

Result<void> SqliteStore::CheckUndelivered(const EachDamage& each, const StopRequested& stop) {
  DeliveryPages pages(connection_, {},
                      {DeliveryState::Due, DeliveryState::Claimed, DeliveryState::Held},
                      DeliveryOrder::OldestFirst);
  // The deliveries of one post stand together: it is read once for all of them.
  PostId examined;
  std::string wrong;
  const auto read = [&](std::size_t most) -> Result<std::vector<Delivery>> {
    if (stop && stop()) return std::vector<Delivery>();
    return pages.Next(most);
  };
  return ForEachPage(0, read, [&](const Delivery& delivery) {
    if (delivery.post != examined) {
      examined = delivery.post;
      wrong = Examine(examined);
    }
    if (!wrong.empty()) each({delivery.post, delivery.id, wrong, delivery.action});
  });
}

}  // namespace relay
