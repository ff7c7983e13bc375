import type { DatabaseSync } from "node:sqlite";
import { instantText } from "../instants.ts";
import { type Query, query } from "./connection.ts";
import { IS_HOLE } from "./sources.ts";

interface ClaimRow {
  readonly scanned_to_us: number | null;
  readonly allowance_us: number;
  readonly complete_through_us: number | null;
  readonly hole: string | null;
  readonly hole_us: number | null;
}

/** Works out `complete_through` anew: the least of scanned_to − allowance and the end time of the oldest hole. */
export class Claims {
  readonly #read: Query<ClaimRow>;
  readonly #allow: Query;
  readonly #write: Query;

  constructor(db: DatabaseSync) {
    this.#read = query(
      db,
      `SELECT s.scanned_to_us, s.allowance_us, s.complete_through_us, h.end_time AS hole, h.end_us AS hole_us
       FROM sources s LEFT JOIN (
         SELECT end_time, end_us FROM files WHERE source = ?1 AND ${IS_HOLE} ORDER BY end_us LIMIT 1
       ) h WHERE s.source = ?1`,
    );
    this.#allow = query(db, "UPDATE sources SET allowance_us = ?2 WHERE source = ?1 AND allowance_us <> ?2");
    this.#write = query(
      db,
      `UPDATE sources SET complete_through = ?, complete_through_us = ?, claim_moved_back = claim_moved_back + ?
       WHERE source = ?`,
    );
  }

  /** After a scan, or when a hole has gone. A claim that goes back because the allowance grew is not a claim proved wrong. */
  renew(source: number, allowanceMs: number): void {
    this.#allow.run(source, allowanceMs * 1000);
    this.#workOut(source, false);
  }

  /** After a listing: a new hole before the claim proves it wrong, which is counted. */
  challenge(source: number): void {
    this.#workOut(source, true);
  }

  #workOut(source: number, challenged: boolean): void {
    const row = this.#read.get(source)!;
    if (row.scanned_to_us === null) return;
    const scanned = row.scanned_to_us - row.allowance_us;
    const held = row.hole !== null && row.hole_us !== null && row.hole_us < scanned;
    const claim = held ? row.hole_us : scanned;
    const before = row.complete_through_us;
    if (claim === before) return;
    const movedBack = challenged && before !== null && claim < before;
    this.#write.run(held ? row.hole : instantText(scanned), claim, movedBack ? 1 : 0, source);
  }
}
