import type { DatabaseSync } from "node:sqlite";
import type { RecordedError, ScanKind, ScanResult } from "../../model/store.ts";
import { instantUs } from "../instants.ts";
import { type Query, query } from "./connection.ts";
import { writeError } from "./sources.ts";

const COLUMN: Readonly<Record<ScanKind, string>> = { poll: "polled_at", overlap: "overlap_at", deep: "deep_at" };

/** Checkpoints of a data source and what was last heard of it. Called inside the caller's transaction. */
export class Scans {
  readonly #ended: Readonly<Record<ScanKind, Query>>;
  readonly #cursor: Query;
  readonly #scannedTo: Query;
  readonly #askedFrom: Query;
  readonly #heard: Query;
  readonly #error: Query<{ error: string | null }>;
  readonly #setError: Query;
  readonly #newest: Query;

  constructor(db: DatabaseSync) {
    const ended = (kind: ScanKind): Query =>
      query(db, `UPDATE sources SET ${COLUMN[kind]} = ?1, last_success_at = ?1, error = NULL WHERE source = ?2`);
    this.#ended = { poll: ended("poll"), overlap: ended("overlap"), deep: ended("deep") };
    const forward = (name: "cursor" | "scanned_to"): Query =>
      query(db, `UPDATE sources SET ${name} = ?1, ${name}_us = ?2 WHERE source = ?3 AND coalesce(${name}_us < ?2, 1)`);
    this.#cursor = forward("cursor");
    this.#scannedTo = forward("scanned_to");
    this.#askedFrom = query(
      db,
      "UPDATE sources SET asked_from = ?1, asked_from_us = ?2 WHERE source = ?3 AND coalesce(asked_from_us > ?2, 1)",
    );
    this.#heard = query(db, "UPDATE sources SET last_success_at = ? WHERE source = ?");
    this.#error = query(db, "SELECT error FROM sources WHERE source = ?");
    this.#setError = query(db, "UPDATE sources SET error = ? WHERE source = ?");
    this.#newest = query(
      db,
      "UPDATE sources SET upstream_newest = ?1, upstream_asked_at = ?2, last_success_at = ?2 WHERE source = ?3",
    );
  }

  /** A whole scan. Cursor and scanned_to only move forward, asked_from only back. */
  finish(source: number, { kind, cursor, scannedTo, since, at }: ScanResult): void {
    this.#ended[kind].run(at, source);
    if (cursor !== undefined) this.#cursor.run(cursor, needInstant(cursor), source);
    if (scannedTo !== undefined) this.#scannedTo.run(scannedTo, needInstant(scannedTo), source);
    if (since !== undefined) this.#askedFrom.run(since, needInstant(since), source);
  }

  /** A call that went well. */
  heard(source: number, at: string): void {
    this.#heard.run(at, source);
  }

  fail(source: number, error: Omit<RecordedError, "since" | "count">): void {
    this.#setError.run(writeError(this.#error.get(source)!.error, error), source);
  }

  newest(source: number, time: string | undefined, askedAt: string): void {
    this.#newest.run(time ?? null, askedAt, source);
  }
}

function needInstant(text: string): number {
  const us = instantUs(text);
  if (us === undefined) throw new Error(`not an RFC 3339 instant: ${text.slice(0, 40)}`);
  return us;
}
