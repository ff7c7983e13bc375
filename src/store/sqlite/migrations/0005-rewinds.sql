-- What operators asked for: a data source's list is read again from an instant on, and some of its files a second time.
CREATE TABLE rewinds (
  rewind INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL,
  to_time TEXT NOT NULL,
  to_us INTEGER NOT NULL,
  requested_at TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  -- When the engine moved the cursor, and where it stood before.
  applied_at TEXT,
  from_cursor TEXT,
  cancelled_at TEXT,
  cancelled_by TEXT,
  -- Files to be read again; inserted: events that they brought and that were not here.
  files INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  inserted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX rewinds_source ON rewinds (source, rewind);

-- Never, but to where a rewind that waits says.
DROP TRIGGER cursor_never_moves_back;
CREATE TRIGGER cursor_never_moves_back BEFORE UPDATE OF cursor_us ON sources
WHEN OLD.cursor_us IS NOT NULL AND (NEW.cursor_us IS NULL OR NEW.cursor_us < OLD.cursor_us AND NOT EXISTS (
  SELECT 1 FROM rewinds
  WHERE source = OLD.source AND to_us = NEW.cursor_us AND applied_at IS NULL AND cancelled_at IS NULL
))
BEGIN
  SELECT RAISE(ABORT, 'the cursor would move back');
END;

-- Files that are done and are to be read again. Their ledger rows are linked and stay as they are.
CREATE TABLE rereads (
  reread INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  rewind INTEGER NOT NULL,
  file INTEGER NOT NULL,
  end_us INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  retry_at TEXT,
  retry_us INTEGER,
  error TEXT,
  missing_since TEXT,
  UNIQUE (rewind, file)
) STRICT;
CREATE INDEX rereads_pending ON rereads (source, end_us) WHERE state = 'pending';
CREATE INDEX rereads_file ON rereads (file) WHERE state = 'pending';

-- A second reading that brought events is a row of its own, with a stretch of the log and a link of its own.
ALTER TABLE files ADD COLUMN reading_of INTEGER;
