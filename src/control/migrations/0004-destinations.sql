-- Where events are delivered to. What is secret of a destination stands in secrets, under its id, and so does the key of its pseudonyms.
CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  settings TEXT NOT NULL,
  format TEXT NOT NULL,
  filter TEXT,
  masking TEXT,
  collector_ids TEXT,
  begins TEXT NOT NULL CHECK (begins IN ('start', 'now')),
  max_batch_events INTEGER,
  max_batch_bytes INTEGER,
  max_age_ms INTEGER,
  paused INTEGER NOT NULL,
  managed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
