// Reading sessions.
#include <cstdint>

#include "store/page_queries.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

SessionSummary SummaryFromRow(const sql::Statement& row) {
  SessionSummary summary;
  summary.session_id = row.Text(0);
  SessionState& state = summary.state;
  state.tracking0 = row.Text(1);
  state.posts = row.Int(2);
  state.first_post_at = TimeFromRow(row.Int(3));
  state.last_post_at = TimeFromRow(row.Int(4));
  state.closed = row.Int(5) != 0;
  state.technicians = NamesFromRow(row.Text(6));
  summary.last_post = PostId{row.Int(7)};
  summary.undelivered = row.Int(8);
  summary.dead = row.Int(9);
  return summary;
}

}  // namespace

Result<std::optional<SessionState>> SqliteStore::FindSession(const std::string& session_id) {
  auto state = ReadSession(session_id);
  if (!state) return state.error();
  if (state->posts == 0) return std::optional<SessionState>();
  return std::optional(std::move(*state));
}

Result<void> SqliteStore::ListSessions(std::size_t limit,
                                       const std::function<void(const SessionSummary&)>& each) {
  std::int64_t before = INT64_MAX;
  PostId before_post{INT64_MAX};
  const auto read = [&](std::size_t most) -> Result<std::vector<SessionSummary>> {
    std::vector<SessionSummary> page;
    auto done = ForEach(connection_.Query(kSessionPageQuery, before, before_post.value,
                                          static_cast<std::int64_t>(most)),
                        [&](const sql::Statement& row) { page.push_back(SummaryFromRow(row)); });
    if (!done) return done.error();
    if (!page.empty()) {
      before = ToRow(page.back().state.last_post_at);
      before_post = page.back().last_post;
    }
    return page;
  };
  return ForEachPage(limit, read, each);
}

}  // namespace relay
