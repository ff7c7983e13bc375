import type { DatabaseSync } from "node:sqlite";
import type { ByHour } from "../../model/delivery.ts";
import { type Query, query } from "./connection.ts";
import { sumOf } from "./delivery-rows.ts";

export type Outcome = "filtered" | "delivered" | "dead" | "withdrawn";
const outcomes: readonly Outcome[] = ["filtered", "delivered", "dead", "withdrawn"];

/** What became of events, per delivery and hour, and in all. Called inside the caller's transaction. */
export class Receipts {
  readonly #hours: ReadonlyMap<Outcome, Query>;
  readonly #totals: ReadonlyMap<Outcome, Query>;

  constructor(db: DatabaseSync) {
    const each = (sql: (outcome: Outcome) => string) =>
      new Map<Outcome, Query>(outcomes.map((outcome) => [outcome, query(db, sql(outcome))]));
    this.#hours = each(
      (outcome) =>
        `INSERT INTO receipts (delivery, hour, ${outcome}) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET ${outcome} = ${outcome} + ?3`,
    );
    this.#totals = each((outcome) => `UPDATE deliveries SET ${outcome} = ${outcome} + ? WHERE delivery = ?`);
  }

  add(delivery: number, outcome: Outcome, byHour: ByHour): void {
    const sum = sumOf(byHour);
    if (Object.keys(byHour).length === 0) return;
    for (const [hour, count] of Object.entries(byHour)) this.#hours.get(outcome)!.run(delivery, Number(hour), count);
    this.#totals.get(outcome)!.run(sum, delivery);
  }

  /** One event that was of one kind is of another now. */
  move(delivery: number, hour: number, from: Outcome, to: Outcome): void {
    this.add(delivery, from, { [hour]: -1 });
    this.add(delivery, to, { [hour]: 1 });
  }
}
