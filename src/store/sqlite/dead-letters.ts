import type { DatabaseSync } from "node:sqlite";
import type { DeadLetter, DeadLetterState } from "../../model/delivery.ts";
import { LIMIT, type Query, query } from "./connection.ts";
import { type LetterRow, SELECT_LETTERS, toLetter } from "./delivery-rows.ts";
import { Receipts } from "./receipts.ts";

/** Events that a destination refuses for good. Called inside the caller's transaction. */
export class DeadLetters {
  readonly #toSend: Query<LetterRow>;
  readonly #one: Query<LetterRow>;
  readonly #all: Query<{ id: number }>;
  readonly #change: Query;
  readonly #delivered: Query;
  readonly #again: Query;
  readonly #receipts: Receipts;

  constructor(db: DatabaseSync) {
    this.#toSend = query(
      db,
      `${SELECT_LETTERS} WHERE d.destination_id = ? AND (d.ended = 0 OR d.replay IS NOT NULL) AND l.state = 'again' ORDER BY l.id ${LIMIT}`,
    );
    this.#one = query(db, `${SELECT_LETTERS} WHERE l.id = ?`);
    this.#all = query(
      db,
      `SELECT l.id FROM dead_letters l JOIN deliveries d USING (delivery) WHERE d.destination_id = ? AND l.state = 'dead'`,
    );
    this.#change = query(
      db,
      `UPDATE dead_letters SET state = ?, by = ? WHERE id = ? AND state IN ('dead', 'again')
       AND delivery IN (SELECT delivery FROM deliveries WHERE destination_id = ?)`,
    );
    this.#delivered = query(
      db,
      "UPDATE dead_letters SET state = 'delivered', at = ?, attempts = attempts + 1 WHERE id = ?",
    );
    this.#again = query(
      db,
      "UPDATE dead_letters SET state = 'dead', reason = ?, answer = ?, at = ?, attempts = attempts + 1 WHERE id = ?",
    );
    this.#receipts = new Receipts(db);
  }

  toSend(destinationId: string, limit: number): readonly DeadLetter[] {
    return this.#toSend.all(destinationId, limit).map(toLetter);
  }

  settle(id: number, outcome: "delivered" | { readonly reason: string; readonly answer: string }, at: string): void {
    const row = this.#one.get(id);
    if (row?.state !== "again") return;
    if (outcome !== "delivered") {
      this.#again.run(outcome.reason, outcome.answer, at, id);
      return;
    }
    this.#delivered.run(at, id);
    this.#receipts.move(row.delivery, row.hour, "dead", "delivered");
  }

  change(destinationId: string, ids: readonly number[] | "all", to: DeadLetterState, by: string): number {
    const wanted = ids === "all" ? this.#all.all(destinationId).map(({ id }) => id) : ids;
    return wanted.reduce((sum, id) => sum + this.#change.run(to, by, id, destinationId).changes, 0);
  }
}
