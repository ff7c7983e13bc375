// What the oracle reads of the database: SQL of its own, on a connection of its own.
import { DatabaseSync, type StatementSync } from "node:sqlite";

export interface SourceRow {
  readonly source: number;
  readonly data_source: string;
  readonly cursor_us: number | null;
  readonly complete_through_us: number | null;
  readonly files_done: number;
  readonly files_pending: number;
  readonly events: number;
  readonly unacknowledged_gaps: number;
  readonly quarantined: number;
  readonly duplicates: number;
  readonly tombstoned: number;
}

export interface FileRow {
  readonly file: number;
  readonly source: number;
  readonly file_id: string;
  readonly state: string;
  readonly lines: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly tombstoned: number;
}

export interface EventRow {
  readonly seq: number;
  readonly event_id: string;
  readonly raw: Uint8Array;
  readonly time_key: number;
}

export interface GapRow {
  readonly source: number;
  readonly from_us: number;
  readonly to_us: number;
}

export class Reader {
  readonly #db: DatabaseSync;
  #version = -1;
  readonly #cache = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true });
  }

  close(): void {
    this.#db.close();
  }

  #all<Row>(sql: string, ...values: (number | string)[]): readonly Row[] {
    const known = this.#cache.get(sql) ?? this.#db.prepare(sql);
    this.#cache.set(sql, known);
    return known.all(...values) as unknown as readonly Row[];
  }

  /** Whether anything was committed since this was last asked. */
  changed(): boolean {
    const version = this.#all<{ data_version: number }>("PRAGMA data_version")[0]!.data_version;
    const changed = version !== this.#version;
    this.#version = version;
    return changed;
  }

  copyTo(path: string): void {
    this.#all("VACUUM INTO ?", path);
  }

  fingerprint(): string {
    const counts = this.#all(
      `SELECT (SELECT count(*) FROM events) AS events, (SELECT max(seq) FROM events) AS seq, (SELECT count(*) FROM gaps) AS gaps,
        (SELECT count(*) FROM quarantine) AS quarantine, (SELECT group_concat(file_id || state || attempts) FROM files) AS files`,
    );
    return JSON.stringify([this.sources(), counts]);
  }

  sources = () => this.#all<SourceRow>("SELECT * FROM sources ORDER BY source");
  done = (source: number) =>
    this.#all<FileRow>("SELECT * FROM files WHERE source = ? AND state = 'done' ORDER BY first_seq", source);
  allDone = () => this.#all<FileRow>("SELECT * FROM files WHERE state = 'done' ORDER BY first_seq");
  eventsOf = (file: number) =>
    this.#all<EventRow>("SELECT seq, event_id, raw, time_key FROM events WHERE file = ? ORDER BY seq", file);
  quarantinedOf = (file: number) =>
    this.#all<{ bytes: Uint8Array }>("SELECT bytes FROM quarantine WHERE file = ?", file).map(({ bytes }) => bytes);
  newest = (count: number) =>
    this.#all<EventRow>("SELECT seq, event_id, raw, time_key FROM events ORDER BY seq DESC LIMIT ?", count);
  all = () =>
    this.#all<EventRow & { content_hash: Uint8Array }>("SELECT seq, event_id, raw, time_key, content_hash FROM events");
  /** Events of before an instant that have been here since another one: retention has had its turn. */
  before = (us: number, doneUs: number) =>
    this.#all<{ n: number }>(
      `SELECT count(*) AS n FROM events e JOIN files f USING (file)
       WHERE e.time_key <> 0 AND e.time_key < ? AND f.done_us < ?`,
      us,
      doneUs,
    )[0]!.n;
  states = (source: number) =>
    new Map(
      this.#all<FileRow>("SELECT file_id, state FROM files WHERE source = ?", source).map(({ file_id, state }) => [
        file_id,
        state,
      ]),
    );

  gaps(source: number): readonly GapRow[] {
    const rows = this.#all<{ from_time: string; to_time: string }>(
      "SELECT from_time, to_time FROM gaps WHERE source = ?",
      source,
    );
    return rows.map(({ from_time, to_time }) => ({
      source,
      from_us: Date.parse(from_time) * 1_000,
      to_us: Date.parse(to_time) * 1_000 + 999,
    }));
  }

  counted(source: number): Partial<Record<keyof SourceRow, number>> {
    const [row] = this.#all<Record<keyof SourceRow, number>>(
      `SELECT (SELECT count(*) FROM events WHERE source = ?1) AS events,
        (SELECT count(*) FROM files WHERE source = ?1 AND state = 'done') AS files_done,
        (SELECT count(*) FROM files WHERE source = ?1 AND state = 'pending') AS files_pending,
        (SELECT count(*) FROM quarantine WHERE source = ?1) AS quarantined,
        (SELECT coalesce(sum(duplicates), 0) FROM files WHERE source = ?1 AND state = 'done') AS duplicates,
        (SELECT coalesce(sum(tombstoned), 0) FROM files WHERE source = ?1 AND state = 'done') AS tombstoned`,
      source,
    );
    return { ...row };
  }
}
