-- Where alerts go. What is secret of a channel stands in secrets, under the channel's id.
CREATE TABLE alert_channels (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  settings TEXT NOT NULL,
  least_severity TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  managed_by TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

-- What stands in the way now, and what was told of it: a restart must tell nothing twice.
CREATE TABLE alert_problems (
  key TEXT PRIMARY KEY,
  problem TEXT NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  notified_at TEXT,
  notified_fingerprint TEXT,
  notified_severity TEXT
) STRICT, WITHOUT ROWID;

-- Notices on their way, and the last ones that have arrived or were given up.
CREATE TABLE alert_deliveries (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
  notice TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at TEXT NOT NULL,
  error TEXT,
  created_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;

CREATE INDEX alert_deliveries_waiting ON alert_deliveries (next_at) WHERE state = 'pending';
