import type { DatabaseSync } from "node:sqlite";
import { type Query, query } from "./connection.ts";
import {
  DIGEST_COLUMNS,
  type DigestRow,
  type QuarantinedDigest,
  quarantinedDigest,
  StoredDigest,
} from "./event-digest.ts";

/** A done file, as far as its events are found by it. */
export interface DigestedFile {
  readonly source: number;
  readonly file: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly quarantined: number;
}

/** Makes the digest of a file anew from what is stored of it. */
export class FileDigests<More = unknown> {
  readonly #events: Query<DigestRow & { readonly type_name: string | null } & More>;
  readonly #quarantine: Query<{ line: number; reason: string; bytes: Uint8Array }>;
  readonly #digest = new StoredDigest();

  /** `more`: further columns of `events e`, for `onEvent`. */
  constructor(db: DatabaseSync, more = "") {
    this.#events = query(
      db,
      `SELECT ${DIGEST_COLUMNS}, t.name AS type_name${more} FROM events e LEFT JOIN types t ON t.type = e.type
       WHERE e.seq BETWEEN ? AND ? ORDER BY e.seq`,
    );
    this.#quarantine = query(
      db,
      "SELECT line, reason, bytes FROM quarantine WHERE source = ? AND file = ? ORDER BY id",
    );
  }

  /**
   * Told of each event that stands among the file's, whatever file it names itself. Undefined where a value is none that a commit
   * writes. Reads in one transaction only if the caller has begun one.
   */
  of(file: DigestedFile, onEvent?: (row: DigestRow & More) => void): Uint8Array | undefined {
    this.#digest.reset();
    for (const row of this.#events.iterate(file.first_seq, file.last_seq)) {
      this.#digest.add(row, row.type_name ?? "");
      onEvent?.(row);
    }
    return this.#digest.digest(this.#quarantined(file));
  }

  #quarantined({ source, file, quarantined }: DigestedFile): readonly QuarantinedDigest[] {
    if (quarantined === 0) return [];
    const lines = this.#quarantine.all(source, file);
    return lines.map(({ line, reason, bytes }) => quarantinedDigest(line, reason, bytes));
  }
}
