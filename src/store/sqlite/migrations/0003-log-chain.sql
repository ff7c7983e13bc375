-- The log chain: each done file of a data source is linked to the one before it. `digest` covers its events as they were
-- inserted, `chain` the link before, the digest and the row itself; a digest is null where the events had gone before there was a chain.
ALTER TABLE files ADD COLUMN link INTEGER;
ALTER TABLE files ADD COLUMN digest BLOB;
ALTER TABLE files ADD COLUMN chain BLOB;
CREATE UNIQUE INDEX files_chain ON files (source, link) WHERE link IS NOT NULL;

-- The head of the chain: how many links there are, and the last one.
ALTER TABLE sources ADD COLUMN links INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN chain BLOB;

CREATE TRIGGER linked_files_are_not_changed BEFORE UPDATE OF
  file, source, file_id, end_time, end_us, size, sha256, state, listed_at, attempts, retry_at, retry_us, error, missing_since,
  acknowledged_at, acknowledged_by, done_at, done_us, stamp, done_sha256, verified, lines, inserted, duplicates, conflicts,
  quarantined, tombstoned, first_seq, last_seq, min_key, max_key, link, digest, chain ON files
WHEN OLD.link IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a file that is done would change');
END;

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'a stored event would change');
END;
