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
  state.lapsed = row.Int(6) != 0;
  state.technicians = NamesFromRow(row.Text(7));
  summary.last_post = PostId{row.Int(8)};
  summary.undelivered = row.Int(9);
  summary.dead = row.Int(10);
  return summary;
}

}  // namespace

Result<std::optional<SessionState>> SqliteStore::FindSession(const std::string& session_id) {
  auto state = ReadSession(session_id);
  if (!state) return state.error();
  if (state->posts == 0) return std::optional<SessionState>();
  return std::optional(std::move(*state));
}

Result<void> SqliteStore::ListSessions(const SessionFilter& filter, std::size_t limit,
                                       const std::function<void(const SessionSummary&)>& each) {
  const std::string query =
      SessionPageQuery(filter.open ? WhichSessions::Open : WhichSessions::All);
  std::int64_t before = filter.silent_since ? ToRow(*filter.silent_since) : INT64_MAX;
  PostId before_post{filter.silent_since ? 0 : INT64_MAX};
  const auto read = [&](std::size_t most) -> Result<std::vector<SessionSummary>> {
    std::vector<SessionSummary> page;
    auto done = ForEach(
        connection_.Query(query, before, before_post.value, static_cast<std::int64_t>(most)),
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
