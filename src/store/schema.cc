#include "store/schema.h"

#include <fmt/format.h>

#include <array>

namespace relay {
namespace {

// Each step leads from version N to N+1. Steps that were released are never changed.
constexpr std::array kSteps{
    // Times are milliseconds since 1970, UTC.
    R"(
CREATE TABLE store (id TEXT NOT NULL) STRICT;
INSERT INTO store VALUES (lower(hex(randomblob(8))));

CREATE TABLE session (
  session_id    TEXT PRIMARY KEY,
  tracking0     TEXT NOT NULL,
  posts         INTEGER NOT NULL,
  first_post_at INTEGER NOT NULL,
  last_post_at  INTEGER NOT NULL,
  last_pickup   INTEGER,
  closed        INTEGER NOT NULL,
  technicians   TEXT NOT NULL,       -- JSON list of names
  held_length   INTEGER NOT NULL,    -- the transcript so far: bytes, SHA-256, last bytes
  held_digest   BLOB NOT NULL,
  held_tail     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE post (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  digest              BLOB NOT NULL UNIQUE,   -- SHA-256 of the request: an exact repeat has the same
  session_id          TEXT NOT NULL,
  received_at         INTEGER NOT NULL,
  endpoint            TEXT NOT NULL,
  content_type        TEXT NOT NULL,
  query               TEXT NOT NULL,
  remote_addr         TEXT NOT NULL,
  remote_user         TEXT,
  event               TEXT NOT NULL,
  event_source        TEXT NOT NULL,
  session_posts       INTEGER NOT NULL,       -- the session as of this post
  session_technicians TEXT NOT NULL,
  session_closed      INTEGER NOT NULL,
  adds                TEXT NOT NULL,          -- what the post adds to the transcript
  body                BLOB NOT NULL
) STRICT;
CREATE INDEX post_of_session ON post (session_id, id);

CREATE TABLE delivery (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id     INTEGER NOT NULL,
  session_id  TEXT NOT NULL,
  action      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'done', 'dead', 'held')),
  ordered     INTEGER NOT NULL,   -- takes its turn among the posts of its session
  blocks      INTEGER NOT NULL,   -- later ones of its action and session wait for it
  attempts    INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL,
  next_at     INTEGER,            -- due: the next try; claimed: the end of the lease; else NULL
  finished_at INTEGER,
  last_error  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX delivery_ready ON delivery (action, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_claimed ON delivery (action) WHERE state = 'claimed';
CREATE INDEX delivery_line ON delivery (action, session_id, id) WHERE blocks = 1;
CREATE INDEX delivery_open ON delivery (action, state) WHERE state <> 'done';
CREATE INDEX delivery_of_post ON delivery (post_id);
CREATE INDEX delivery_of_session ON delivery (session_id);

CREATE TABLE action_pause (
  action TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  digest       BLOB NOT NULL UNIQUE,
  received_at  INTEGER NOT NULL,
  endpoint     TEXT NOT NULL,
  content_type TEXT NOT NULL,
  query        TEXT NOT NULL,
  remote_addr  TEXT NOT NULL,
  remote_user  TEXT,
  reason       TEXT NOT NULL,
  headers      TEXT NOT NULL,
  body         BLOB NOT NULL
) STRICT;
)",
    // New and retried work each have their own line, so that neither has to be walked through to
    // find the other. What operators ask for goes by an index: deliveries by action and state,
    // sessions by activity, what is old enough to go.
    R"(
DROP INDEX delivery_ready;
CREATE INDEX delivery_ready ON delivery (action, attempts > 0, next_at) WHERE next_at IS NOT NULL;
DROP INDEX delivery_open;
CREATE INDEX delivery_by_state ON delivery (action, state);
CREATE INDEX session_by_activity ON session (last_post_at);
CREATE INDEX quarantine_by_age ON quarantine (received_at);

CREATE TABLE action_circuit (
  action       TEXT PRIMARY KEY,
  failures     INTEGER NOT NULL,   -- in a row
  last_failure INTEGER NOT NULL,
  reason       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)",
    // Sessions whose newest posts came in the same millisecond are told apart by the posts.
    // Sessions
    // that are open and silent are found among all that have ended. What is claimed is found by the
    // index of states.
    R"(
ALTER TABLE session ADD COLUMN last_post INTEGER NOT NULL DEFAULT 0;
UPDATE session SET last_post =
  coalesce((SELECT max(id) FROM post WHERE post.session_id = session.session_id), 0);
DROP INDEX session_by_activity;
CREATE INDEX session_by_activity ON session (last_post_at, last_post);
ALTER TABLE session ADD COLUMN lapsed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_open ON session (last_post_at, last_post) WHERE closed = 0 AND lapsed = 0;
DROP INDEX delivery_claimed;
)",
    // What the other side said to the last try that failed.
    R"(
ALTER TABLE delivery ADD COLUMN last_answer TEXT NOT NULL DEFAULT '';
)",
    // Which sessions were removed on request.
    R"(
CREATE TABLE erasure (
  session_id  TEXT NOT NULL,
  erased_at   INTEGER NOT NULL,
  by          TEXT NOT NULL,
  posts       INTEGER NOT NULL,
  deliveries  INTEGER NOT NULL,
  quarantined INTEGER NOT NULL
) STRICT;
CREATE INDEX erasure_of_session ON erasure (session_id, erased_at);
)",
    // The trace that the sender of a post named; empty where it named none.
    R"(
ALTER TABLE post ADD COLUMN trace_id TEXT NOT NULL DEFAULT '';
)",
    // What the processes have counted and timed, all of them together.
    R"(
CREATE TABLE measured (
  metric       TEXT NOT NULL,
  action       TEXT NOT NULL,
  detail       TEXT NOT NULL,
  bound        INTEGER NOT NULL,   -- of a bucket, in milliseconds
  count        INTEGER NOT NULL,
  microseconds INTEGER NOT NULL,
  PRIMARY KEY (metric, action, detail, bound)
) STRICT, WITHOUT ROWID;
)",
    // What operators were told of by [notify].
    R"(
CREATE TABLE notice (
  alert      TEXT NOT NULL,
  action     TEXT NOT NULL,
  attempts   INTEGER NOT NULL,
  told       INTEGER NOT NULL,
  told_count INTEGER NOT NULL,
  next_at    INTEGER NOT NULL,
  PRIMARY KEY (alert, action)
) STRICT, WITHOUT ROWID;
)",
    // Posts packed, the long texts behind all others; those that are there stay as they are. A
    // repeat is found among the posts of its session: by its digest alone it would be looked for
    // all over a large index, one page of which each post would change.
    R"(
CREATE TABLE packed_post (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  digest              BLOB NOT NULL,          -- SHA-256 of the request: an exact repeat has the same
  session_id          TEXT NOT NULL,
  received_at         INTEGER NOT NULL,
  endpoint            TEXT NOT NULL,
  content_type        TEXT NOT NULL,
  query               TEXT NOT NULL,
  remote_addr         TEXT NOT NULL,
  remote_user         TEXT,
  trace_id            TEXT NOT NULL,          -- as its sender named it; empty where it named none
  event               TEXT NOT NULL,
  event_source        TEXT NOT NULL,
  session_posts       INTEGER NOT NULL,       -- the session as of this post
  session_technicians TEXT NOT NULL,
  session_closed      INTEGER NOT NULL,
  body_length         INTEGER NOT NULL,
  packed              INTEGER NOT NULL,       -- 1: adds and body are LZ4 frames, unless they are empty
  adds                BLOB NOT NULL,          -- what the post adds to the transcript
  body                BLOB NOT NULL
) STRICT;
INSERT INTO packed_post
  SELECT id, digest, session_id, received_at, endpoint, content_type, query, remote_addr, remote_user,
    trace_id, event, event_source, session_posts, session_technicians, session_closed, length(body), 0,
    CAST(adds AS BLOB), body FROM post;
DELETE FROM sqlite_sequence WHERE name = 'packed_post';
INSERT INTO sqlite_sequence (name, seq) SELECT 'packed_post', seq FROM sqlite_sequence WHERE name = 'post';
DROP TABLE post;
ALTER TABLE packed_post RENAME TO post;
CREATE INDEX post_of_session ON post (session_id, id);
CREATE UNIQUE INDEX post_of_digest ON post (session_id, digest);
)",
};

constexpr auto kCurrent = static_cast<std::int64_t>(kSteps.size());

Result<std::int64_t> ReadVersion(sql::Connection& connection) {
  auto query = connection.Query("PRAGMA user_version");
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  return query->Int(0);
}

Error Newer(std::int64_t version) {
  return {
      ErrorKind::Permanent,
      fmt::format("the store has schema version {}, this program knows up to {}: it was written "
                  "by a newer rescue-relay; install that version again, or a later one",
                  version, kCurrent)};
}

}  // namespace

Result<void> MigrateSchema(sql::Connection& connection) {
  auto version = ReadVersion(connection);
  if (!version) return version.error();
  if (*version == kCurrent) return {};
  auto transaction = sql::Transaction::Begin(connection);
  if (!transaction) return transaction.error();
  version = ReadVersion(connection);  // another process may have migrated meanwhile
  if (!version) return version.error();
  if (*version > kCurrent) return Newer(*version);
  for (auto step = *version; step < kCurrent; ++step) {
    auto done = connection.ExecuteScript(kSteps.at(static_cast<std::size_t>(step)));
    if (!done)
      return done.error().Context(fmt::format("migrate the store to version {}", step + 1));
  }
  auto done = connection.ExecuteScript(fmt::format("PRAGMA user_version = {}", kCurrent));
  if (!done) return done.error();
  return transaction->Commit();
}

Result<void> CheckSchema(sql::Connection& connection) {
  auto version = ReadVersion(connection);
  if (!version) return version.error();
  if (*version > kCurrent) return Newer(*version);
  if (*version == 0) {
    return Error{
        ErrorKind::Temporary,
        "the store is being made, or its making was cut short: the receiver makes it whole"};
  }
  if (*version < kCurrent) {
    return Error{ErrorKind::Permanent,
                 fmt::format("the store has schema version {}, this program needs {}: start the "
                             "receiver once, it migrates the store",
                             *version, kCurrent)};
  }
  return {};
}

}  // namespace relay
