-- A store of schema version 1 with a post that waits to be delivered, one that was, and one in quarantine.
CREATE TABLE store (id TEXT NOT NULL) STRICT;

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
INSERT INTO store VALUES ('0123456789abcdef');
INSERT INTO session VALUES ('s1', 'CASE-1', 2, 1767225600000, 1767225700000, NULL, 0, '["Ada Example"]', 0, zeroblob(32), '');
INSERT INTO post VALUES (1, x'a4c7265ed0ce636711609f25b7122ef869c27bd8f58e3b01ed5bbd1cb151ca7e', 's1', 1767225600000, '', 'text/plain', '', '192.0.2.1', NULL, 'started', 'inferred', 1, '["Ada Example"]', 0, '', CAST('one' AS BLOB));
INSERT INTO post VALUES (2, x'c7e4a66f0edc71f7e7fc8493369ff66d4e2e635d0ac0deb516bdb00f1616bbc3', 's1', 1767225700000, '', 'text/plain', '', '192.0.2.1', NULL, 'updated', 'inferred', 2, '["Ada Example"]', 0, '', CAST('two' AS BLOB));
INSERT INTO delivery VALUES (1, 1, 's1', 'crm', 'done', 1, 0, 1, 1767225600000, NULL, 1767225601000, '');
INSERT INTO delivery VALUES (2, 2, 's1', 'crm', 'due', 1, 1, 3, 1767225700000, 1767225800000, NULL, 'HTTP 503');
INSERT INTO quarantine VALUES (1, zeroblob(32), 1767225600000, '', '', '', '192.0.2.1', NULL, 'no SessionID', '', CAST('x' AS BLOB));
PRAGMA user_version = 1;
