import type { DatabaseSync } from "node:sqlite";
import { type Query, query } from "./connection.ts";

/** Request rates that were learned, by budget. */
export class Rates {
  readonly #all: Query<{ budget: string; per_minute: number }>;
  readonly #remember: Query;

  constructor(db: DatabaseSync) {
    this.#all = query(db, "SELECT budget, per_minute FROM rates");
    this.#remember = query(
      db,
      "INSERT INTO rates (budget, per_minute) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET per_minute = ?2",
    );
  }

  all(): ReadonlyMap<string, number> {
    return new Map(this.#all.all().map(({ budget, per_minute }) => [budget, per_minute]));
  }

  remember(budget: string, perMinute: number): void {
    this.#remember.run(budget, perMinute);
  }
}
