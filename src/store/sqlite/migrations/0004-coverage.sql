-- Since when upstream was asked and still had everything: what lies before was never asked for.
ALTER TABLE sources ADD COLUMN asked_from TEXT;
ALTER TABLE sources ADD COLUMN asked_from_us INTEGER;

-- The calendar walks the ledger in the order of end times.
CREATE INDEX files_end ON files (source, end_us);

-- Nobody noted it before: no earlier than the first file that was listed, or than what upstream can still have had then.
UPDATE sources SET asked_from_us = coalesce(
  (SELECT max(min(end_us) - 3600000000, CAST(unixepoch(min(listed_at)) AS INTEGER) * 1000000 - 2592000000000)
   FROM files f WHERE f.source = sources.source),
  scanned_to_us
) WHERE scanned_to_us IS NOT NULL;
UPDATE sources SET asked_from = strftime('%Y-%m-%dT%H:%M:%SZ', asked_from_us / 1000000, 'unixepoch')
WHERE asked_from_us IS NOT NULL;

-- Completeness reports that were issued. One without a document was never finished.
CREATE TABLE reports (
  report_id TEXT PRIMARY KEY,
  collector_id TEXT NOT NULL,
  from_time TEXT NOT NULL,
  to_time TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  sha256 TEXT,
  public_key TEXT,
  document BLOB
) STRICT;
CREATE INDEX reports_collector ON reports (collector_id, issued_at);

-- What each says of a data source, and whether that has changed since.
CREATE TABLE report_sources (
  report_id TEXT NOT NULL,
  source INTEGER NOT NULL,
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  complete_through TEXT,
  changed INTEGER NOT NULL DEFAULT 0,
  corrected_by TEXT,
  UNIQUE (report_id, source)
) STRICT;
CREATE INDEX report_sources_source ON report_sources (source, from_us);

CREATE TRIGGER report_file_added AFTER INSERT ON files
BEGIN
  UPDATE report_sources SET changed = 1
  WHERE source = NEW.source AND from_us < NEW.end_us AND to_us >= NEW.end_us AND changed = 0;
END;

CREATE TRIGGER report_file_changed AFTER UPDATE OF state ON files WHEN OLD.state <> NEW.state
BEGIN
  UPDATE report_sources SET changed = 1
  WHERE source = NEW.source AND from_us < NEW.end_us AND to_us >= NEW.end_us AND changed = 0;
END;

-- A gap whose time cannot be read concerns every report.
CREATE TRIGGER report_gap_added AFTER INSERT ON gaps
BEGIN
  UPDATE report_sources SET changed = 1
  WHERE source = NEW.source AND changed = 0
    AND from_us < coalesce(unixepoch(NEW.to_time, 'subsec') * 1000000, 9e15)
    AND to_us >= coalesce(unixepoch(NEW.from_time, 'subsec') * 1000000, 0);
END;

CREATE TRIGGER report_gap_closed AFTER DELETE ON gaps
BEGIN
  UPDATE report_sources SET changed = 1
  WHERE source = OLD.source AND changed = 0
    AND from_us < coalesce(unixepoch(OLD.to_time, 'subsec') * 1000000, 9e15)
    AND to_us >= coalesce(unixepoch(OLD.from_time, 'subsec') * 1000000, 0);
END;
