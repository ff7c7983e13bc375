import type { PreparedEvent } from "../../model/event.ts";

/** Width of a bucket of the `volume` table. */
export const BUCKET_US = 300_000_000;

/** A count of events with the bytes of their lines. */
export interface Amount {
  events: number;
  bytes: number;
}

/** What a change of rows means for the counters: built up row by row in memory, then written in a few statements. */
export class Tally {
  events = 0;
  bytes = 0;
  firstSeq = 0;
  lastSeq = 0;
  minKey = Number.MAX_SAFE_INTEGER;
  maxKey = Number.MIN_SAFE_INTEGER;
  /** The text of the event at `maxKey`. */
  newest = "";
  readonly buckets = new Map<number, Amount>();
  readonly types = new Map<number, number>();
  #bucket = Number.NaN;
  #amount: Amount = { events: 0, bytes: 0 };

  /** One row with its log position and the number of its type. */
  add(seq: number, type: number, bytes: number, { timeKey, time }: Pick<PreparedEvent, "timeKey" | "time">): void {
    if (this.events === 0) this.firstSeq = seq;
    this.lastSeq = seq;
    this.events += 1;
    this.bytes += bytes;
    if (timeKey < this.minKey) this.minKey = timeKey;
    if (timeKey > this.maxKey) {
      this.maxKey = timeKey;
      this.newest = time;
    }
    // Neighbours mostly share a bucket: the map is asked only when it changes.
    const bucket = Math.floor(timeKey / BUCKET_US);
    if (bucket !== this.#bucket) {
      this.#bucket = bucket;
      this.#amount = this.buckets.get(bucket) ?? { events: 0, bytes: 0 };
      this.buckets.set(bucket, this.#amount);
    }
    this.#amount.events += 1;
    this.#amount.bytes += bytes;
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
  }
}
