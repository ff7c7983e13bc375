-- A destination that is asked to take a part of the log again.
CREATE TABLE replays (
  replay INTEGER PRIMARY KEY AUTOINCREMENT,
  destination_id TEXT NOT NULL,
  data_source TEXT,
  from_us INTEGER,
  to_us INTEGER,
  events INTEGER NOT NULL,
  requested_at TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled')),
  ended_at TEXT,
  ended_by TEXT
) STRICT;
CREATE INDEX replays_destination ON replays (destination_id, replay);

-- A collector's log on its way to a destination. Up to `cut` everything is filtered out or in a batch, up to `position` it is settled.
-- Here and not beside the settings: a restored database brings positions back that belong to its log.
CREATE TABLE deliveries (
  delivery INTEGER PRIMARY KEY AUTOINCREMENT,
  destination_id TEXT NOT NULL,
  collector_id TEXT NOT NULL,
  replay INTEGER REFERENCES replays,
  start INTEGER NOT NULL,
  cut INTEGER NOT NULL,
  position INTEGER NOT NULL,
  "end" INTEGER,
  ended INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  filtered INTEGER NOT NULL DEFAULT 0,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  CHECK (start <= position AND position <= cut)
) STRICT;
CREATE UNIQUE INDEX deliveries_live ON deliveries (destination_id, collector_id) WHERE replay IS NULL;
CREATE INDEX deliveries_collector ON deliveries (collector_id) WHERE ended = 0;
CREATE INDEX deliveries_replay ON deliveries (replay) WHERE replay IS NOT NULL;

-- Cut and not yet settled. What is settled leaves only its counts in the receipts.
CREATE TABLE delivery_batches (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery INTEGER NOT NULL REFERENCES deliveries,
  after_seq INTEGER NOT NULL,
  up_to_seq INTEGER NOT NULL,
  only_seqs TEXT,
  batch_id TEXT NOT NULL,
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  hours TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT,
  error TEXT,
  cut_at TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_batches_open ON delivery_batches (delivery, number);

CREATE TABLE receipts (
  delivery INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  filtered INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (delivery, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery INTEGER NOT NULL REFERENCES deliveries,
  seq INTEGER NOT NULL,
  key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  hour INTEGER NOT NULL,
  reason TEXT NOT NULL,
  answer TEXT NOT NULL,
  at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL DEFAULT 'dead' CHECK (state IN ('dead', 'again', 'delivered', 'discarded')),
  by TEXT,
  UNIQUE (delivery, seq)
) STRICT;
-- Retention leaves the events of these where they are.
CREATE INDEX dead_letters_open ON dead_letters (seq) WHERE state IN ('dead', 'again');
