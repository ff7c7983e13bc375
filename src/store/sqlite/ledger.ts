import type { DatabaseSync } from "node:sqlite";
import type { UpstreamFile } from "../../model/connector.ts";
import { CollectorError } from "../../model/errors.ts";
import type { FileFailure, FileState, LedgerFile, PendingQuery } from "../../model/store.ts";
import { instantUs } from "../instants.ts";
import { LIMIT, type Query, query } from "./connection.ts";
import { FILE_COLUMNS, type FileRow, toLedgerFile } from "./ledger-rows.ts";
import { IS_HOLE, writeError } from "./sources.ts";

interface StateRow {
  readonly file: number;
  readonly state: FileState;
  readonly size: number;
  readonly error: string | null;
  readonly end_time: string;
  readonly acknowledged_at: string | null;
}

const LATEST_US = Number.MAX_SAFE_INTEGER;

/** What is set aside for a person is tried again too, where a time for that was given. */
const DUE = `(state = 'pending' OR retry_us IS NOT NULL) AND ${IS_HOLE} AND (retry_us IS NULL OR retry_us <= ?)`;

/** The rows of upstream's files. Called inside the caller's transaction; the caller works out the claim afterwards. */
export class Ledger {
  readonly #list: Query<{ file: number }>;
  readonly #relist: Query<StateRow>;
  readonly #find: Query<StateRow>;
  readonly #fresh: Query<FileRow>;
  readonly #backlog: Query<FileRow>;
  readonly #nextRetry: Query<{ retry_at: string }>;
  readonly #fail: Query;
  readonly #failAgain: Query;
  readonly #setState: Query;
  readonly #count: Query;
  readonly #previousEnd: Query<{ end_time: string }>;

  constructor(db: DatabaseSync) {
    this.#list = query(
      db,
      `INSERT INTO files (source, file_id, end_time, end_us, size, sha256, state, listed_at)
       VALUES (?, ?, ?, ?, ?, ?, 'pending', ?) ON CONFLICT DO NOTHING`,
    );
    this.#relist = query(db, "SELECT * FROM files WHERE source = ? AND file_id = ? AND state = 'expired'");
    this.#find = query(db, "SELECT * FROM files WHERE source = ? AND file_id = ?");
    this.#fresh = this.#lane(db, "end_us > ?", "DESC");
    this.#backlog = this.#lane(db, "end_us <= ?", "ASC");
    this.#nextRetry = query(
      db,
      `SELECT retry_at FROM files WHERE source = ? AND ${IS_HOLE} AND retry_us > ? ORDER BY retry_us LIMIT 1`,
    );
    this.#fail = query(
      db,
      `UPDATE files SET state = ?, attempts = attempts + 1, error = ?, retry_at = ?, retry_us = ?, missing_since = ?,
       acknowledged_at = NULL, acknowledged_by = NULL WHERE file = ?`,
    );
    this.#failAgain = query(
      db,
      `UPDATE files SET attempts = attempts + 1, error = ?, retry_at = ?, retry_us = ?, missing_since = ? WHERE file = ?`,
    );
    this.#setState = query(
      db,
      "UPDATE files SET state = ?, retry_at = NULL, retry_us = NULL, missing_since = NULL WHERE file = ?",
    );
    this.#count = query(
      db,
      `UPDATE sources SET files_pending = files_pending + ?, files_pending_bytes = files_pending_bytes + ?,
       unacknowledged_quarantined = unacknowledged_quarantined + ? WHERE source = ?`,
    );
    this.#previousEnd = query(
      db,
      `SELECT end_time FROM files WHERE source = ?1 AND end_us < (SELECT end_us FROM files WHERE file = ?2)
       ORDER BY end_us DESC LIMIT 1`,
    );
  }

  #lane(db: DatabaseSync, side: string, order: "ASC" | "DESC"): Query<FileRow> {
    return query(
      db,
      // Named, or the planner takes the index of all files and reads through everything that is done.
      `SELECT ${FILE_COLUMNS} FROM files INDEXED BY files_holes WHERE source = ? AND ${DUE} AND ${side}
       ORDER BY end_us ${order}, file ${order} ${LIMIT}`,
    );
  }

  /** Adds what is not known as pending. What had expired and is listed again can be had again: that is pending too, and told to `revived`. */
  record(source: number, files: readonly UpstreamFile[], listedAt: string, revived: (fileId: string) => void): number {
    let added = 0;
    for (const { id, endTime, size, sha256 } of files) {
      const endUs = instantUs(endTime) ?? notAnInstant(endTime);
      if (this.#list.run(source, id, endTime, endUs, size, sha256 ?? null, listedAt).changes === 0) {
        const expired = this.#relist.get(source, id);
        if (expired === undefined) continue;
        this.#setState.run("pending", expired.file);
        revived(id);
      }
      this.#count.run(1, size, 0, source);
      added += 1;
    }
    return added;
  }

  pending(source: number, { freshAfter, now, limit, except }: PendingQuery): readonly LedgerFile[] {
    const fresh = freshAfter === undefined ? LATEST_US : (instantUs(freshAfter) ?? notAnInstant(freshAfter));
    const due = instantUs(now) ?? notAnInstant(now);
    const inWork = new Set(except);
    const wanted = limit + inWork.size;
    const others = ({ file_id }: FileRow) => !inWork.has(file_id);
    const files = freshAfter === undefined ? [] : this.#fresh.all(source, due, fresh, wanted).filter(others);
    if (files.length < limit) files.push(...this.#backlog.all(source, due, fresh, wanted).filter(others));
    return files.slice(0, limit).map(toLedgerFile);
  }

  nextRetry(source: number, now: string): string | undefined {
    return this.#nextRetry.get(source, instantUs(now) ?? notAnInstant(now))?.retry_at;
  }

  /** A file that is set aside stays so, acknowledged or not; nothing happens to one that is done or expired. */
  fail(source: number, fileId: string, { state, error, retryAt, missingSince }: FileFailure): void {
    const row = this.#find.get(source, fileId);
    if (row?.state !== "pending" && row?.state !== "quarantined") return;
    const retryUs = retryAt === undefined ? null : (instantUs(retryAt) ?? notAnInstant(retryAt));
    if (row.state === "quarantined") {
      this.#failAgain.run(writeError(row.error, error), retryAt ?? null, retryUs, missingSince ?? null, row.file);
      return;
    }
    this.#fail.run(state, writeError(row.error, error), retryAt ?? null, retryUs, missingSince ?? null, row.file);
    if (state === "quarantined") this.#count.run(-1, -row.size, 1, source);
  }

  /** Returns the interval that is lost with the file: from the end of the file before it; undefined where it is no hole. */
  expire(source: number, fileId: string): { readonly from: string; readonly to: string } | undefined {
    const row = this.#find.get(source, fileId);
    if (row?.state !== "pending" && row?.state !== "quarantined") return undefined;
    this.#leave(source, row);
    this.#setState.run("expired", row.file);
    const from = this.#previousEnd.get(source, row.file)?.end_time ?? row.end_time;
    return { from, to: row.end_time };
  }

  retry(source: number, fileId: string): boolean {
    const row = this.#find.get(source, fileId);
    if (row?.state !== "quarantined") return false;
    this.#leave(source, row);
    this.#setState.run("pending", row.file);
    this.#count.run(1, row.size, 0, source);
    return true;
  }

  /** Takes a file that is about to be done out of the counts of its state. */
  leave(source: number, fileId: string): void {
    const row = this.#find.get(source, fileId);
    if (row !== undefined) this.#leave(source, row);
  }

  #leave(source: number, row: StateRow): void {
    if (row.state === "pending") this.#count.run(-1, -row.size, 0, source);
    if (row.state === "quarantined" && row.acknowledged_at === null) this.#count.run(0, 0, -1, source);
  }
}

function notAnInstant(text: string): never {
  throw new CollectorError("protocol", `Not an RFC 3339 instant: ${text.slice(0, 40)}`);
}
