import type { DatabaseSync } from "node:sqlite";
import type { Gap } from "../../model/store.ts";
import { type Query, query } from "./connection.ts";

type NewGap = Pick<Gap, "from" | "to" | "reason" | "files"> & { readonly fileId?: string };

interface Owner {
  readonly source: number;
}

/** What a person has to see: gaps, quarantined lines, quarantined files. Called inside the caller's transaction. */
export class Attention {
  readonly #gap: Query;
  readonly #closeGap: Query<{ acknowledged_at: string | null }>;
  readonly #count: Query;
  readonly #acknowledge: Readonly<Record<"gap" | "line" | "file", Query<Owner>>>;

  constructor(db: DatabaseSync) {
    this.#gap = query(
      db,
      `INSERT INTO gaps (source, from_time, to_time, reason, files, file_id, recorded_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#closeGap = query(
      db,
      "DELETE FROM gaps WHERE source = ? AND file_id = ? AND reason = 'expired_upstream' RETURNING acknowledged_at",
    );
    this.#count = query(
      db,
      `UPDATE sources SET unacknowledged_gaps = unacknowledged_gaps + ?,
       unacknowledged_quarantined = unacknowledged_quarantined + ? WHERE source = ?`,
    );
    const acknowledge = (table: string, condition: string): Query<Owner> =>
      query(
        db,
        `UPDATE ${table} SET acknowledged_by = ?, acknowledged_at = ?
         WHERE ${condition} AND acknowledged_at IS NULL RETURNING source`,
      );
    this.#acknowledge = {
      gap: acknowledge("gaps", "id = ?"),
      line: acknowledge("quarantine", "id = ?"),
      file: acknowledge("files", "file_id = ? AND state = 'quarantined'"),
    };
  }

  /** The same gap recorded again changes nothing. */
  recordGap(source: number, { from, to, reason, files, fileId }: NewGap, at: string): void {
    const { changes } = this.#gap.run(source, from, to, reason, files, fileId ?? "", at);
    this.#count.run(changes, 0, source);
  }

  /** The file can be had after all. */
  closeGap(source: number, fileId: string): void {
    for (const { acknowledged_at } of this.#closeGap.all(source, fileId))
      this.#count.run(acknowledged_at === null ? -1 : 0, 0, source);
  }

  acknowledgeGap(id: number, by: string, at: string): boolean {
    const owners = this.#acknowledge.gap.all(by, at, id);
    for (const { source } of owners) this.#count.run(-1, 0, source);
    return owners.length > 0;
  }

  /** A quarantined line by its id, or quarantined files by theirs: two collectors may hold one file each. */
  acknowledgeQuarantined(what: number | string, by: string, at: string): boolean {
    const owners = this.#acknowledge[typeof what === "number" ? "line" : "file"].all(by, at, what);
    for (const { source } of owners) this.#count.run(0, -1, source);
    return owners.length > 0;
  }
}
