// Queries that must go by an index however large the store is. A test asks SQLite how it would run
// them.
#pragma once

namespace relay {

// Sessions by their newest post, before (time, SessionID).
inline constexpr const char* kSessionPageQuery =
    "SELECT session_id, tracking0, posts, first_post_at, last_post_at, closed, technicians,"
    " (SELECT count(*) FROM delivery WHERE delivery.session_id = session.session_id"
    "   AND state IN ('due', 'claimed', 'held')),"
    " (SELECT count(*) FROM delivery WHERE delivery.session_id = session.session_id"
    "   AND state = 'dead')"
    " FROM session WHERE (last_post_at, session_id) < (?1, ?2)"
    " ORDER BY last_post_at DESC, session_id DESC LIMIT ?3";

}  // namespace relay
