-- Volume by event time in buckets of five minutes, and events by type: counted with every commit, so that no page counts rows.
CREATE TABLE volume (
  source INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (source, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE type_counts (
  source INTEGER NOT NULL,
  type INTEGER NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (source, type)
) STRICT, WITHOUT ROWID;

INSERT INTO volume (source, bucket, events, bytes)
SELECT source, (time_key - ((time_key % 300000000) + 300000000) % 300000000) / 300000000, count(*), sum(length(raw))
FROM events GROUP BY 1, 2;

INSERT INTO type_counts (source, type, events)
SELECT source, type, count(*) FROM events GROUP BY source, type;
