CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE collectors (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  connector TEXT NOT NULL,
  settings TEXT NOT NULL,
  data_sources TEXT NOT NULL,
  paused_data_sources TEXT NOT NULL,
  site_id TEXT REFERENCES sites (id),
  timezone TEXT,
  start TEXT,
  poll_interval_ms INTEGER NOT NULL,
  overlap_ms INTEGER NOT NULL,
  requests_per_minute REAL, -- null: found out
  retention_days INTEGER,
  paused INTEGER NOT NULL,
  managed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
  id TEXT PRIMARY KEY,
  connector TEXT NOT NULL,
  "values" TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

-- Of a collector or a draft. The ciphertext is bound to owner and name.
CREATE TABLE secrets (
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  key_id TEXT NOT NULL,
  wrapped_key BLOB NOT NULL,
  sealed BLOB NOT NULL,
  last4 TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (owner_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  last_sign_in_at TEXT
) STRICT;

CREATE TABLE sessions (
  hash BLOB PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at TEXT NOT NULL,
  used_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  hash BLOB NOT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  last_used_at TEXT,
  revoked_at TEXT
) STRICT;

-- Failed sign-ins by account and by address; the scope is hashed, for people type passwords into the name field.
CREATE TABLE sign_in_failures (
  scope BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  failed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE access_record (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT,
  detail TEXT
) STRICT;

CREATE TRIGGER access_record_is_not_changed BEFORE UPDATE ON access_record
BEGIN SELECT RAISE(ABORT, 'the access record is append-only'); END;

CREATE TRIGGER access_record_is_not_deleted BEFORE DELETE ON access_record
BEGIN SELECT RAISE(ABORT, 'the access record is append-only'); END;
