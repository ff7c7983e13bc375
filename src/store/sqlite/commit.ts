import type { DatabaseSync } from "node:sqlite";
import { eventAt, hashAt } from "../../model/event-columns.ts";
import type { FileCommit, FileOutcome, FileState, Stamp } from "../../model/store.ts";
import { instantUs } from "../instants.ts";
import { Chain } from "./chain.ts";
import { Conflicts } from "./conflicts.ts";
import { type Query, query } from "./connection.ts";
import { Counters } from "./counters.ts";
import { CommitDigest, quarantinedDigest } from "./event-digest.ts";
import { Tally } from "./tally.ts";
import { Tombstones } from "./tombstones.ts";

interface DoneRow extends FileOutcome {
  readonly file: number;
  readonly state: FileState;
}

/** Where the events of a file go, and what is learned of them on the way. */
interface Insertion {
  readonly source: number;
  readonly file: number;
  readonly tally: Tally;
  readonly digest: CommitDigest;
}

/** Puts a verified file's events into the log. Called inside the caller's transaction, under a guarded lease. */
export class Commits {
  readonly #file: Query<DoneRow>;
  readonly #insert: Query;
  readonly #isHere: Query;
  readonly #newReading: Query<{ file_id: string }>;
  readonly #conflicts: Conflicts;
  readonly #quarantine: Query;
  readonly #done: Query;
  readonly #source: Query;
  readonly #stamp: Query<{ stamp: number }>;
  readonly #newStamp: Query<{ stamp: number }>;
  readonly #type: Query<{ type: number }>;
  readonly #newType: Query<{ type: number }>;
  readonly #counters: Counters;
  readonly #tombstones: Tombstones;
  readonly #chain: Chain;

  constructor(db: DatabaseSync) {
    this.#file = query(
      db,
      `SELECT file, state, lines, inserted, duplicates, conflicts, quarantined, tombstoned
       FROM files WHERE source = ? AND file_id = ?`,
    );
    this.#insert = query(
      db,
      `INSERT INTO events (source, time_key, event_id, content_hash, file, line, type, flags, time, raw)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#isHere = query(
      db,
      "SELECT 1 FROM events WHERE source = ? AND time_key = ? AND event_id = ? AND content_hash = ?",
    );
    this.#newReading = query(
      db,
      `INSERT INTO files (source, file_id, end_time, end_us, size, sha256, state, listed_at, reading_of)
       SELECT source, file_id || '#' || (2 + (SELECT count(*) FROM files r WHERE r.reading_of = f.file)), end_time, end_us,
         size, sha256, 'pending', listed_at, file FROM files f WHERE source = ? AND file_id = ? RETURNING file_id`,
    );
    this.#quarantine = query(
      db,
      "INSERT INTO quarantine (source, file, line, reason, bytes, at) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#done = query(
      db,
      `UPDATE files SET state = 'done', retry_at = NULL, retry_us = NULL, error = NULL, missing_since = NULL,
       done_at = ?, done_us = ?, stamp = ?, done_sha256 = ?, verified = ?, lines = ?, inserted = ?, duplicates = ?,
       conflicts = ?, quarantined = ?, tombstoned = ?, first_seq = ?, last_seq = ?, min_key = ?, max_key = ?,
       held = ?, held_bytes = ? WHERE file = ?`,
    );
    this.#source = query(
      db,
      `UPDATE sources SET events = events + ?1, bytes = bytes + ?2, duplicates = duplicates + ?3,
       conflicts = conflicts + ?4, tombstoned = tombstoned + ?5, quarantined = quarantined + ?6,
       unacknowledged_quarantined = unacknowledged_quarantined + ?6, files_done = files_done + 1,
       last_seq = max(last_seq, ?7), last_success_at = ?8,
       last_ingested_at = CASE WHEN ?1 > 0 THEN ?8 ELSE last_ingested_at END,
       newest_event = CASE WHEN ?9 > coalesce(newest_key, 0) THEN ?10 ELSE newest_event END,
       newest_key = max(coalesce(newest_key, 0), ?9) WHERE source = ?11`,
    );
    this.#stamp = query(db, "SELECT stamp FROM stamps WHERE site_name IS ? AND site_id IS ? AND timezone IS ?");
    this.#newStamp = query(db, "INSERT INTO stamps (site_name, site_id, timezone) VALUES (?, ?, ?) RETURNING stamp");
    this.#type = query(db, "SELECT type FROM types WHERE name = ?");
    this.#newType = query(db, "INSERT INTO types (name) VALUES (?) RETURNING type");
    this.#conflicts = new Conflicts(db);
    this.#counters = new Counters(db);
    this.#tombstones = new Tombstones(db);
    this.#chain = new Chain(db);
  }

  /** The outcome of a file that is done already; undefined where it is still to be done. Not listed is a bug of the caller. */
  outcome(source: number, fileId: string): FileOutcome | undefined {
    const row = this.#file.get(source, fileId);
    if (row === undefined) throw new Error(`the file ${fileId} was never listed`);
    if (row.state !== "done") return undefined;
    const { lines, inserted, duplicates, conflicts, quarantined, tombstoned } = row;
    return { lines, inserted, duplicates, conflicts, quarantined, tombstoned };
  }

  /**
   * A second reading of a file that is done, whose row is linked and does not change. Where it brings events that are not here,
   * and were not erased, they get a row and a link of their own; otherwise nothing is written.
   */
  again(source: number, commit: FileCommit): FileOutcome {
    const { key, events } = commit;
    const isErased = this.#tombstones.forSource(source, key);
    let tombstoned = 0;
    let missing = 0;
    for (let i = 0; i < events.count; i++) {
      const { eventId, flags, timeKey } = eventAt(events, i);
      const contentHash = hashAt(events, i);
      if (isErased?.({ eventId, contentHash, flags })) tombstoned += 1;
      else if (this.#isHere.get(source, timeKey, eventId, contentHash) === undefined) missing += 1;
    }
    // Lines that could not be read were set aside the first time.
    if (missing > 0) {
      const fileId = this.#newReading.get(source, commit.fileId)!.file_id;
      return this.insert(source, { ...commit, fileId, quarantined: [] });
    }
    const lines = events.count;
    return { lines, inserted: 0, duplicates: lines - tombstoned, conflicts: 0, quarantined: 0, tombstoned };
  }

  insert(source: number, commit: FileCommit): FileOutcome {
    const { file } = this.#file.get(source, commit.fileId)!;
    const tally = new Tally();
    const digest = new CommitDigest(commit.events);
    const { duplicates, tombstoned } = this.#insertEvents({ source, file, tally, digest }, commit);
    const quarantined = commit.quarantined.map(({ line, reason, start, end }) => {
      const bytes = commit.bytes.subarray(start, end);
      this.#quarantine.run(source, file, line, reason, bytes, commit.ingestedAt);
      return quarantinedDigest(line, reason, bytes);
    });
    const outcome: FileOutcome = {
      lines: commit.events.count + commit.quarantined.length,
      inserted: tally.events,
      duplicates,
      conflicts: this.#conflicts.among(source, tally),
      quarantined: commit.quarantined.length,
      tombstoned,
    };
    this.#counters.add(source, tally);
    this.#writeDone(file, commit, outcome, tally);
    this.#writeSource(source, commit, outcome, tally);
    this.#chain.append(source, file, digest.digest(quarantined));
    return outcome;
  }

  #insertEvents({ source, file, tally, digest }: Insertion, { key, bytes, events }: FileCommit) {
    const isErased = this.#tombstones.forSource(source, key);
    let duplicates = 0;
    let tombstoned = 0;
    let typeName: string | undefined;
    let type = 0;
    for (let i = 0; i < events.count; i++) {
      const event = eventAt(events, i);
      const { eventId, flags } = event;
      const hash = hashAt(events, i);
      if (isErased?.({ eventId, contentHash: hash, flags })) {
        tombstoned += 1;
        continue;
      }
      if (event.type !== typeName) {
        typeName = event.type;
        type = this.#typeNumber(typeName);
      }
      const raw = bytes.subarray(event.start, event.end);
      const { changes, lastInsertRowid } = this.#insert.run(
        source,
        event.timeKey,
        eventId,
        hash,
        file,
        event.line,
        type,
        flags,
        event.time,
        raw,
      );
      if (changes === 0) duplicates += 1;
      else {
        tally.add(lastInsertRowid, type, raw.length, event);
        digest.add(i, lastInsertRowid);
      }
    }
    return { duplicates, tombstoned };
  }

  #writeDone(file: number, { ingestedAt, stamp, sha256, verified }: FileCommit, outcome: FileOutcome, tally: Tally) {
    const some = tally.events > 0;
    const { lines, inserted, duplicates, conflicts, quarantined, tombstoned } = outcome;
    this.#done.run(
      ingestedAt,
      instantUs(ingestedAt) ?? null,
      this.#stampNumber(stamp),
      sha256.toLowerCase(),
      verified ? 1 : 0,
      lines,
      inserted,
      duplicates,
      conflicts,
      quarantined,
      tombstoned,
      some ? tally.firstSeq : null,
      some ? tally.lastSeq : null,
      some ? tally.minKey : null,
      some ? tally.maxKey : null,
      tally.events,
      tally.bytes,
      file,
    );
  }

  #writeSource(source: number, { ingestedAt }: FileCommit, outcome: FileOutcome, tally: Tally) {
    const { duplicates, conflicts, tombstoned, quarantined } = outcome;
    const newest = tally.events > 0 ? tally.maxKey : 0;
    this.#source.run(
      tally.events,
      tally.bytes,
      duplicates,
      conflicts,
      tombstoned,
      quarantined,
      tally.lastSeq,
      ingestedAt,
      newest,
      tally.newest,
      source,
    );
  }

  #stampNumber({ siteName, siteId, timezone }: Stamp): number {
    const values = [siteName ?? null, siteId ?? null, timezone ?? null];
    return (this.#stamp.get(...values) ?? this.#newStamp.get(...values)!).stamp;
  }

  #typeNumber(name: string): number {
    return (this.#type.get(name) ?? this.#newType.get(name)!).type;
  }
}
