// One generation of the index: its documents, and how far it follows the log of each collector.
import type { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../model/event.ts";
import type { LogQuery, StoreReader } from "../model/store.ts";
import {
  createGeneration,
  dropGeneration,
  longTransaction,
  meta,
  prepareBig,
  setMeta,
  transaction,
} from "./database.ts";
import { Documents } from "./documents.ts";

/** What the follower reads of the store. */
export type LogReader = Pick<StoreReader, "dataSources" | "lastSeq" | "readLog" | "event">;

/** What one batch of a collector did: events indexed, the position reached, and where the log ended. */
export interface IndexedBatch {
  readonly indexed: number;
  readonly seq: number;
  readonly lastSeq: number;
}

const anchorEvery = 1_000;
const smallRewind = 100_000;
// Of the log in memory at a time, and in one transaction. Small pages: what is read lives too short to be copied by the collector of garbage.
const pageBytes = 1_048_576;
const transactionBytes = 33_554_432;
const mostPageEvents = 500;

export class Generation {
  readonly documents: Documents;
  readonly #db: DatabaseSync;
  readonly #number: number;
  #pageEvents = 250;

  constructor(db: DatabaseSync, number: number) {
    this.#db = db;
    this.#number = number;
    this.documents = new Documents(db, number);
  }

  /**
   * Indexes up to `limit` of a collector's next events in one transaction, some megabytes of them in memory at a time.
   * `foreign`: the log is another than the one followed so far, and much of it.
   */
  async indexNext(reader: LogReader, collectorId: string, limit: number): Promise<IndexedBatch | "foreign"> {
    const lastSeq = await reader.lastSeq(collectorId);
    const after = this.#position(collectorId);
    if (lastSeq < after && !(await this.#rewind(reader, collectorId, lastSeq))) return "foreign";
    if (lastSeq <= after) return { indexed: 0, seq: lastSeq, lastSeq };
    try {
      return await longTransaction(this.#db, () =>
        this.#indexRange(reader, { collectorId, after, upTo: lastSeq, limit }),
      );
    } catch (error) {
      this.documents.reset();
      throw error;
    }
  }

  async #indexRange(reader: LogReader, { collectorId, after, upTo, limit }: LogQuery): Promise<IndexedBatch> {
    let seq = after;
    let indexed = 0;
    let bytes = 0;
    let last: StoredEvent | undefined;
    while (seq < upTo && indexed < limit && bytes < transactionBytes) {
      const page = Math.min(this.#pageEvents, limit - indexed);
      const { events, next } = await reader.readLog({ collectorId, after: seq, upTo, limit: page });
      this.documents.add(events);
      bytes += this.#pace(events);
      indexed += events.length;
      seq = next ?? upTo;
      last = events.at(-1) ?? last;
    }
    this.#moveTo(collectorId, seq, upTo);
    if (last !== undefined) this.#anchor(collectorId, last);
    return { indexed, seq, lastSeq: upTo };
  }

  // The store counts events, not bytes: what the last ones weighed says how many to ask for.
  #pace(events: readonly StoredEvent[]): number {
    const bytes = events.reduce((sum, { raw }) => sum + raw.length, 0);
    const each = Math.max(1, bytes / Math.max(1, events.length));
    this.#pageEvents = Math.max(1, Math.min(mostPageEvents, Math.floor(pageBytes / each), this.#pageEvents * 4));
    return bytes;
  }

  /** Whether what is indexed of a collector comes from this log; a few strange events at its end are taken back. */
  async matches(reader: LogReader, collectorId: string): Promise<boolean> {
    const { seq, strange } = await this.#lastShared(reader, collectorId);
    if (!strange) return true;
    return seq !== undefined && this.#takeBack(collectorId, seq);
  }

  /** The collectors that this generation has followed. */
  collectors(): readonly string[] {
    const rows = this.#db.prepare("SELECT collector FROM positions WHERE generation = ?").all(this.#number);
    return rows.map(({ collector }) => String(collector));
  }

  // The log is shorter than what was read of it: its newest events were removed, or an older copy was put back.
  async #rewind(reader: LogReader, collectorId: string, lastSeq: number): Promise<boolean> {
    return (await this.matches(reader, collectorId)) && this.#takeBack(collectorId, lastSeq);
  }

  async #lastShared(reader: LogReader, collectorId: string): Promise<{ seq: number | undefined; strange: boolean }> {
    const sql = "SELECT seq, hash FROM anchors WHERE generation = ? AND collector = ? ORDER BY block DESC";
    const anchors = this.#db.prepare(sql).all(this.#number, collectorId);
    let strange = false;
    for (const { seq, hash } of anchors) {
      const event = await reader.event(Number(seq));
      if (event === undefined) continue;
      if (event.collectorId === collectorId && event.contentHash === hash) return { seq: Number(seq), strange };
      strange = true;
    }
    return { seq: undefined, strange };
  }

  #takeBack(collectorId: string, seq: number): boolean {
    return this.#write(() => {
      if (!this.documents.removeAfter(collectorId, seq, smallRewind)) return false;
      const sql = "DELETE FROM anchors WHERE generation = ? AND collector = ? AND seq > ?";
      prepareBig(this.#db, sql).run(this.#number, collectorId, seq);
      if (seq < this.#position(collectorId)) this.#moveTo(collectorId, seq, seq);
      return true;
    });
  }

  #position(collectorId: string): number {
    const sql = "SELECT seq FROM positions WHERE generation = ? AND collector = ?";
    const row = this.#db.prepare(sql).get(this.#number, collectorId) as { seq: number } | undefined;
    return row?.seq ?? 0;
  }

  #moveTo(collectorId: string, seq: number, lastSeq: number): void {
    const sql = `INSERT INTO positions VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET seq = excluded.seq, last_seq = excluded.last_seq`;
    prepareBig(this.#db, sql).run(this.#number, collectorId, seq, lastSeq);
  }

  #anchor(collectorId: string, { seq, contentHash }: StoredEvent): void {
    const sql = `INSERT INTO anchors VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash`;
    prepareBig(this.#db, sql).run(this.#number, collectorId, Math.floor(seq / anchorEvery), seq, contentHash);
  }

  #write<T>(work: () => T): T {
    try {
      return transaction(this.#db, work);
    } catch (error) {
      this.documents.reset();
      throw error;
    }
  }
}

/** The generations that hold documents: the one searched, then the one growing beside it. */
export function generationsOf(db: DatabaseSync): readonly number[] {
  return [meta(db, "current"), meta(db, "building")].filter((number) => number !== undefined);
}

/** The one that follows the log. */
export const growingOf = (db: DatabaseSync): number => meta(db, "building") ?? meta(db, "current")!;

/** Begins a new generation beside the one that is searched; nothing where one is growing already. */
export function beginRebuild(db: DatabaseSync): void {
  if (meta(db, "building") !== undefined) return;
  finishDropping(db);
  transaction(db, () => {
    const number = meta(db, "current")! + 1;
    createGeneration(db, number);
    setMeta(db, "building", number);
  });
}

/** Gives up the generation that is growing. */
export function abandonRebuild(db: DatabaseSync): void {
  const number = meta(db, "building");
  if (number === undefined) return;
  transaction(db, () => {
    setMeta(db, "building", undefined);
    setMeta(db, "dropping", number);
  });
  finishDropping(db);
}

/** The growing generation is the one searched from here on; the old one is dropped and its disk given back bit by bit. */
export function changeOver(db: DatabaseSync): void {
  const number = meta(db, "building");
  if (number === undefined) return;
  transaction(db, () => {
    setMeta(db, "dropping", meta(db, "current"));
    setMeta(db, "current", number);
    setMeta(db, "building", undefined);
    setMeta(db, "shrinking", 1);
  });
  finishDropping(db);
}

/** Drops what a change over left, also one that was cut off. */
export function finishDropping(db: DatabaseSync): void {
  const number = meta(db, "dropping");
  if (number === undefined) return;
  dropGeneration(db, number);
  setMeta(db, "dropping", undefined);
}
