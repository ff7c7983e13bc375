import type { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import type { FileAmount, RewindRequest } from "../../model/rewind.ts";
import type { FileFailure, FileState, LedgerFile, PendingQuery } from "../../model/store.ts";
import { instantUs } from "../instants.ts";
import { LIMIT, type Query, query } from "./connection.ts";
import { type FileRow, toLedgerFile } from "./ledger-rows.ts";
import { isOpen, type RewindRow } from "./rewind-rows.ts";
import { writeError } from "./sources.ts";

interface RereadRow {
  readonly reread: number;
  readonly rewind: number;
  readonly error: string | null;
}

/** Rewinds, and the done files that they fetch again. Called inside the caller's transaction. */
export class Rewinds {
  readonly #last: Query<RewindRow>;
  readonly #cursor: Query<{ cursor: string | null; cursor_us: number | null }>;
  readonly #request: Query<{ rewind: number }>;
  readonly #again: Query;
  readonly #count: Query;
  readonly #moveCursor: Query;
  readonly #applied: Query;
  readonly #drop: Query<{ size: number }>;
  readonly #cancel: Query;
  readonly #due: Query<FileRow>;
  readonly #nextRetry: Query<{ retry_at: string }>;
  readonly #pending: Query<RereadRow>;
  readonly #fail: Query;
  readonly #end: Query;
  readonly #progress: Query;
  readonly #known: Query<{ id: string; state: FileState }>;
  readonly #amount: Query<{ files: number; bytes: number }>;

  constructor(db: DatabaseSync) {
    this.#last = query(db, "SELECT * FROM rewinds WHERE source = ? ORDER BY rewind DESC LIMIT 1");
    this.#cursor = query(db, "SELECT cursor, cursor_us FROM sources WHERE source = ?");
    this.#request = query(
      db,
      `INSERT INTO rewinds (source, to_time, to_us, requested_at, requested_by) VALUES (?, ?, ?, ?, ?) RETURNING rewind`,
    );
    this.#again = query(
      db,
      `INSERT INTO rereads (source, rewind, file, end_us)
       SELECT source, ?, file, end_us FROM files WHERE source = ? AND file_id = ? AND state = 'done' ON CONFLICT DO NOTHING`,
    );
    this.#count = query(
      db,
      `UPDATE rewinds SET (files, bytes) = (
         SELECT count(*), coalesce(sum(f.size), 0) FROM rereads r JOIN files f USING (file) WHERE r.rewind = rewinds.rewind
       ) WHERE rewind = ?`,
    );
    this.#moveCursor = query(db, "UPDATE sources SET cursor = ?1, cursor_us = ?2 WHERE source = ?3 AND cursor_us > ?2");
    this.#applied = query(db, "UPDATE rewinds SET applied_at = ?, from_cursor = ? WHERE rewind = ?");
    this.#drop = query(db, "DELETE FROM rereads WHERE rewind = ? AND state = 'pending'");
    this.#cancel = query(db, "UPDATE rewinds SET cancelled_at = ?, cancelled_by = ? WHERE rewind = ?");
    this.#due = query(
      db,
      `SELECT f.file_id, f.end_time, f.size, f.done_sha256 AS sha256, f.state, f.listed_at, r.attempts, r.retry_at, r.error,
         r.missing_since FROM rereads r JOIN rewinds w USING (rewind) JOIN files f USING (file)
       WHERE r.source = ? AND r.state = 'pending' AND w.applied_at IS NOT NULL AND (r.retry_us IS NULL OR r.retry_us <= ?)
       ORDER BY r.end_us, r.reread ${LIMIT}`,
    );
    this.#nextRetry = query(
      db,
      `SELECT retry_at FROM rereads WHERE source = ? AND state = 'pending' AND retry_us > ? ORDER BY retry_us LIMIT 1`,
    );
    this.#pending = query(
      db,
      `SELECT r.reread, r.rewind, r.error FROM rereads r JOIN files f USING (file)
       WHERE f.source = ? AND f.file_id = ? AND r.state = 'pending'`,
    );
    this.#fail = query(
      db,
      `UPDATE rereads SET attempts = attempts + 1, error = ?, retry_at = ?, retry_us = ?, missing_since = ? WHERE reread = ?`,
    );
    this.#end = query(db, "UPDATE rereads SET state = ?, retry_at = NULL, retry_us = NULL WHERE reread = ?");
    this.#progress = query(
      db,
      "UPDATE rewinds SET done = done + ?, failed = failed + ?, inserted = inserted + ? WHERE rewind = ?",
    );
    this.#known = query(
      db,
      `SELECT file_id AS id, state FROM files
       WHERE source = ? AND file_id IN (SELECT value FROM json_each(?)) AND reading_of IS NULL`,
    );
    this.#amount = query(
      db,
      `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM files
       WHERE source = ? AND end_us BETWEEN ? AND ? AND reading_of IS NULL`,
    );
  }

  /** How the ledger knows these files. Those that it does not hold are left out. */
  states(source: number, ids: readonly string[]): readonly { readonly id: string; readonly state: FileState }[] {
    return this.#known.all(source, JSON.stringify(ids));
  }

  amount(source: number, from: string, to: string): FileAmount {
    return { ...this.#amount.get(source, instantUs(from) ?? noInstant(from), instantUs(to) ?? noInstant(to))! };
  }

  /** Notes the wish; the engine moves the cursor. Returns the rewind's number. */
  request(source: number, { to, again, after, by, at }: RewindRequest): number {
    const last = this.#last.get(source);
    if (last?.rewind !== after) throw stale();
    if (last !== undefined && isOpen(last)) throw running(last);
    const toUs = instantUs(to) ?? noInstant(to);
    const { cursor_us: cursorUs } = this.#cursor.get(source)!;
    if (cursorUs === null || toUs >= cursorUs) throw ahead(to);
    const { rewind } = this.#request.get(source, to, toUs, at, by)!;
    for (const id of again) this.#again.run(rewind, source, id);
    this.#count.run(rewind);
    return rewind;
  }

  /** Moves the cursor back, if a rewind waits for it. */
  apply(source: number, at: string): boolean {
    const row = this.#last.get(source);
    if (row === undefined || row.applied_at !== null || row.cancelled_at !== null) return false;
    const { cursor } = this.#cursor.get(source)!;
    this.#moveCursor.run(row.to_time, row.to_us, source);
    this.#applied.run(at, cursor, row.rewind);
    return true;
  }

  /** What has not been fetched again yet is not any more. False where no rewind is open. */
  cancel(source: number, by: string, at: string): boolean {
    const row = this.#last.get(source);
    if (row === undefined || !isOpen(row)) return false;
    this.#drop.run(row.rewind);
    this.#count.run(row.rewind);
    this.#cancel.run(at, by, row.rewind);
    return true;
  }

  /** Files to be fetched again that are due, those first that expire first. */
  due(source: number, { now, limit, except }: PendingQuery, found: number): readonly LedgerFile[] {
    const inWork = new Set(except);
    const rows = this.#due.all(source, instantUs(now) ?? noInstant(now), limit + inWork.size);
    return rows
      .filter(({ file_id }) => !inWork.has(file_id))
      .slice(0, limit - found)
      .map(toLedgerFile);
  }

  nextRetry(source: number, now: string): string | undefined {
    return this.#nextRetry.get(source, instantUs(now) ?? noInstant(now))?.retry_at;
  }

  isDue(source: number, fileId: string): boolean {
    return this.#pending.get(source, fileId) !== undefined;
  }

  done(source: number, fileId: string, inserted: number): void {
    for (const { reread, rewind } of this.#pending.all(source, fileId)) {
      this.#end.run("done", reread);
      this.#progress.run(1, 0, inserted, rewind);
    }
  }

  /** A file that would be set aside is given up: it is here already. */
  failed(source: number, fileId: string, { state, error, retryAt, missingSince }: FileFailure): void {
    for (const { reread, rewind, error: before } of this.#pending.all(source, fileId)) {
      const retryUs = retryAt === undefined ? null : (instantUs(retryAt) ?? noInstant(retryAt));
      this.#fail.run(writeError(before, error), retryAt ?? null, retryUs, missingSince ?? null, reread);
      if (state === "quarantined") this.#giveUp(reread, rewind);
    }
  }

  /** Upstream no longer has it. What was collected stays. */
  gone(source: number, fileId: string): void {
    for (const { reread, rewind } of this.#pending.all(source, fileId)) this.#giveUp(reread, rewind);
  }

  #giveUp(reread: number, rewind: number): void {
    this.#end.run("failed", reread);
    this.#progress.run(0, 1, 0, rewind);
  }
}

const stale = () =>
  new CollectorError("rejected", "The forecast no longer holds: another rewind came in between", {
    reason: "rewind_stale",
    action: "Make a new forecast",
  });

const running = ({ to_time }: RewindRow) =>
  new CollectorError("rejected", `A rewind to ${to_time} is still under way`, {
    reason: "rewind_running",
    action: "Wait until it has ended, or cancel it",
  });

const ahead = (to: string) =>
  new CollectorError("rejected", `The cursor is not after ${to}: there is nothing to go back to`, {
    reason: "rewind_ahead",
    action: "Name an instant before the cursor of the data source",
  });

function noInstant(text: string): never {
  throw new CollectorError("rejected", `Not an RFC 3339 instant: ${text.slice(0, 40)}`, { reason: "rewind_ahead" });
}
