-- Every instant named *_us is µs since 1970; every other instant is RFC 3339 text as it was given to us.

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A removed collector keeps its row: an engine that still holds an old lease must not meet the same epoch again.
CREATE TABLE collectors (
  collector_id TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  removing INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A data source of a collector: its checkpoint, what was last heard of it, and counters kept by every commit.
CREATE TABLE sources (
  source INTEGER PRIMARY KEY AUTOINCREMENT,
  collector_id TEXT NOT NULL REFERENCES collectors,
  data_source TEXT NOT NULL,

  cursor TEXT,
  cursor_us INTEGER,
  scanned_to TEXT,
  scanned_to_us INTEGER,
  allowance_us INTEGER NOT NULL DEFAULT 0,
  complete_through TEXT,
  complete_through_us INTEGER,
  claim_moved_back INTEGER NOT NULL DEFAULT 0,

  polled_at TEXT,
  overlap_at TEXT,
  deep_at TEXT,
  last_success_at TEXT,
  error TEXT,
  upstream_newest TEXT,
  upstream_asked_at TEXT,

  newest_key INTEGER,
  newest_event TEXT,
  last_ingested_at TEXT,
  last_seq INTEGER NOT NULL DEFAULT 0,

  events INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  conflicts INTEGER NOT NULL DEFAULT 0,
  tombstoned INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  unacknowledged_quarantined INTEGER NOT NULL DEFAULT 0,
  files_done INTEGER NOT NULL DEFAULT 0,
  files_pending INTEGER NOT NULL DEFAULT 0,
  files_pending_bytes INTEGER NOT NULL DEFAULT 0,
  unacknowledged_gaps INTEGER NOT NULL DEFAULT 0,
  UNIQUE (collector_id, data_source)
) STRICT;

CREATE TRIGGER cursor_never_moves_back BEFORE UPDATE OF cursor_us ON sources
WHEN OLD.cursor_us IS NOT NULL AND (NEW.cursor_us IS NULL OR NEW.cursor_us < OLD.cursor_us)
BEGIN
  SELECT RAISE(ABORT, 'the cursor would move back');
END;

CREATE TABLE stamps (
  stamp INTEGER PRIMARY KEY,
  site_name TEXT,
  site_id TEXT,
  timezone TEXT
) STRICT;

CREATE TABLE types (
  type INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- The ledger, and for a done file what its events have in common. They stand at the log positions first_seq to last_seq,
-- which no other file shares; held and held_bytes say what retention and erasure have left of them.
CREATE TABLE files (
  file INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES sources,
  file_id TEXT NOT NULL,
  end_time TEXT NOT NULL,
  end_us INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'quarantined', 'expired')),
  listed_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  retry_at TEXT,
  retry_us INTEGER,
  error TEXT,
  missing_since TEXT,
  acknowledged_at TEXT,
  acknowledged_by TEXT,

  done_at TEXT,
  done_us INTEGER,
  stamp INTEGER REFERENCES stamps,
  done_sha256 TEXT,
  verified INTEGER,
  lines INTEGER,
  inserted INTEGER,
  duplicates INTEGER,
  conflicts INTEGER,
  quarantined INTEGER,
  tombstoned INTEGER,
  first_seq INTEGER,
  last_seq INTEGER,
  min_key INTEGER,
  max_key INTEGER,
  held INTEGER NOT NULL DEFAULT 0,
  held_bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, file_id),
  CHECK (state <> 'done' OR lines = inserted + duplicates + quarantined + tombstoned),
  CHECK (state <> 'done' OR sha256 IS NULL OR lower(sha256) = done_sha256)
) STRICT;

CREATE INDEX files_holes ON files (source, end_us) WHERE state IN ('pending', 'quarantined');
CREATE INDEX files_log ON files (source, last_seq) WHERE last_seq IS NOT NULL;
CREATE INDEX files_done ON files (source, done_us) WHERE state = 'done';

-- AUTOINCREMENT: a log position is never used again, even when the newest rows are removed.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL,
  time_key INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  file INTEGER NOT NULL,
  line INTEGER NOT NULL,
  type INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  time TEXT NOT NULL,
  raw BLOB NOT NULL
) STRICT;

-- Led by time, because event ids are random and inserts would touch the whole index.
CREATE UNIQUE INDEX events_once ON events (source, time_key, event_id, content_hash);

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL,
  file INTEGER NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  bytes BLOB NOT NULL,
  at TEXT NOT NULL,
  acknowledged_at TEXT,
  acknowledged_by TEXT
) STRICT;
CREATE INDEX quarantine_source ON quarantine (source);

CREATE TABLE gaps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL,
  from_time TEXT NOT NULL,
  to_time TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('expired_upstream', 'stopped_too_long', 'suspected')),
  files INTEGER NOT NULL,
  file_id TEXT NOT NULL DEFAULT '',
  recorded_at TEXT NOT NULL,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  UNIQUE (source, from_time, to_time, reason, file_id)
) STRICT;

-- Keyed hashes of erased events, and when they were erased: what they stand for is not taken in again.
CREATE TABLE tombstones (
  source INTEGER NOT NULL,
  hash BLOB NOT NULL,
  erased_at TEXT NOT NULL,
  PRIMARY KEY (source, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE rates (
  budget TEXT PRIMARY KEY,
  per_minute REAL NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('tombstone_key', randomblob(32));
