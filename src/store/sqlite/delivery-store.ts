import type { DatabaseSync } from "node:sqlite";
import type { Cut, Delivery, DeliveryStore, NewReplay, OpenBatch, Settlement } from "../../model/delivery.ts";
import type { RecordedError } from "../../model/store.ts";
import { inEasyTransaction, inTransaction, type Query, query, withStorageErrors } from "./connection.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Deliveries } from "./deliveries.ts";
import { Replays } from "./replays.ts";

const OF_DESTINATION = "delivery IN (SELECT delivery FROM deliveries WHERE destination_id = ?)";

/** The delivery engine's side of the store, in the database of the log. */
export class SqliteDeliveryStore implements DeliveryStore {
  readonly #db: DatabaseSync;
  readonly #deliveries: Deliveries;
  readonly #letters: DeadLetters;
  readonly #replays: Replays;
  readonly #forget: readonly Query[];

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#deliveries = new Deliveries(db);
    this.#letters = new DeadLetters(db);
    this.#replays = new Replays(db);
    const parts = ["receipts", "dead_letters", "delivery_batches"].map((table) => `${table} WHERE ${OF_DESTINATION}`);
    const whole = ["deliveries", "replays"].map((table) => `${table} WHERE destination_id = ?`);
    this.#forget = [...parts, ...whole].map((rows) => query(db, `DELETE FROM ${rows}`));
  }

  async openDeliveries(
    destinationId: string,
    collectorIds: readonly string[],
    from: "start" | "now",
  ): Promise<readonly Delivery[]> {
    return inTransaction(this.#db, () => this.#deliveries.open(destinationId, collectorIds, from));
  }

  async deliveries(destinationId: string): Promise<readonly Delivery[]> {
    return withStorageErrors(() => this.#deliveries.of(destinationId));
  }

  async recordCut(cut: Cut): Promise<boolean> {
    return inTransaction(this.#db, () => this.#deliveries.recordCut(cut));
  }

  async openBatches(deliveryId: number): Promise<readonly OpenBatch[]> {
    return withStorageErrors(() => this.#deliveries.batches(deliveryId));
  }

  async failBatch(number: number, error: Omit<RecordedError, "since" | "count">, nextAt: string): Promise<void> {
    inEasyTransaction(this.#db, () => this.#deliveries.fail(number, error, nextAt));
  }

  async settle(settlement: Settlement): Promise<void> {
    inEasyTransaction(this.#db, () => this.#deliveries.settle(settlement));
  }

  async halve(number: number, events: Parameters<DeliveryStore["halve"]>[1]): Promise<boolean> {
    return inTransaction(this.#db, () => this.#deliveries.halve(number, events));
  }

  async lettersToSend(destinationId: string, limit: number) {
    return withStorageErrors(() => this.#letters.toSend(destinationId, limit));
  }

  async settleLetter(id: number, outcome: Parameters<DeliveryStore["settleLetter"]>[1], at: string): Promise<void> {
    inTransaction(this.#db, () => this.#letters.settle(id, outcome, at));
  }

  async changeLetters(
    destinationId: string,
    ids: readonly number[] | "all",
    to: "again" | "discarded",
    by: string,
  ): Promise<number> {
    return inTransaction(this.#db, () => this.#letters.change(destinationId, ids, to, by));
  }

  async requestReplay(replay: NewReplay): Promise<number> {
    return inTransaction(this.#db, () => this.#replays.request(replay));
  }

  async cancelReplay(id: number, by: string, at: string): Promise<boolean> {
    return inTransaction(this.#db, () => this.#replays.cancel(id, by, at));
  }

  async endReplayDelivery(deliveryId: number, at: string): Promise<void> {
    inTransaction(this.#db, () => this.#replays.endDelivery(deliveryId, at));
  }

  async removeDestination(destinationId: string): Promise<void> {
    inTransaction(this.#db, () => {
      for (const forget of this.#forget) forget.run(destinationId);
    });
  }
}
