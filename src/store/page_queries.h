// Queries that must go by an index however large the store is. A test asks SQLite how it would run
// them.
#pragma once

#include <string>

namespace relay {

// Sessions by their newest post, before (time, post).
enum class WhichSessions { All, Open };
inline std::string SessionPageQuery(WhichSessions which) {
  return std::string(
             "SELECT session_id, tracking0, posts, first_post_at, last_post_at, closed, lapsed,"
             " technicians, last_post,"
             " (SELECT count(*) FROM delivery WHERE delivery.session_id = session.session_id"
             "   AND state IN ('due', 'claimed', 'held')),"
             " (SELECT count(*) FROM delivery WHERE delivery.session_id = session.session_id"
             "   AND state = 'dead')"
             " FROM session WHERE ") +
         (which == WhichSessions::Open ? "closed = 0 AND lapsed = 0 AND " : "") +
         "(last_post_at, last_post) < (?1, ?2)"
         " ORDER BY last_post_at DESC, last_post DESC LIMIT ?3";
}

// Sessions whose newest post is older than ?3, the oldest first, after (time, post): the bytes of
// their posts, NULL where anything of them is not done.
inline constexpr const char* kOldSessionsQuery =
    "SELECT session_id, last_post_at, last_post,"
    " CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE delivery.session_id = session.session_id"
    "   AND state <> 'done') THEN NULL"
    " ELSE (SELECT coalesce(sum(length(body)), 0) FROM post"
    "   WHERE post.session_id = session.session_id) END"
    " FROM session WHERE (last_post_at, last_post) > (?1, ?2) AND last_post_at < ?3"
    " ORDER BY last_post_at, last_post LIMIT ?4";

inline constexpr const char* kOldQuarantinedQuery =
    "SELECT id, length(body) FROM quarantine WHERE received_at < ?1 ORDER BY received_at LIMIT ?2";

}  // namespace relay
