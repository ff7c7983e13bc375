import type { DatabaseSync } from "node:sqlite";
import type { DataSourceKey } from "../../model/event.ts";
import type { StoreReader, VolumeBucket } from "../../model/store.ts";
import { type Query, query } from "./connection.ts";
import { type Amount, BUCKET_US } from "./tally.ts";

type VolumeQuery = Parameters<StoreReader["volume"]>[0];

interface CountRow extends Amount {
  readonly bucket: number;
}

/** Counts by time and by type, from what the commits have counted; rows are counted only where a bucket cuts one of theirs. */
export class Volume {
  readonly #source: Query<{ source: number }>;
  readonly #counted: Query<CountRow>;
  readonly #rows: Query<CountRow>;
  readonly #ingested: Query<CountRow>;
  readonly #types: Query<{ name: string; events: number }>;

  constructor(db: DatabaseSync) {
    this.#source = query(db, "SELECT source FROM sources WHERE collector_id = ? AND data_source = ?");
    this.#counted = query(
      db,
      "SELECT bucket, events, bytes FROM volume WHERE source = ? AND bucket >= ? AND bucket < ? ORDER BY bucket",
    );
    this.#rows = query(
      db,
      `SELECT (time_key - CAST(?2 AS INTEGER)) / CAST(?3 AS INTEGER) AS bucket, count(*) AS events,
       sum(length(raw)) AS bytes FROM events WHERE source = ?1 AND time_key >= ?4 AND time_key < ?5 GROUP BY 1`,
    );
    this.#ingested = query(
      db,
      `SELECT (done_us - CAST(?2 AS INTEGER)) / CAST(?3 AS INTEGER) AS bucket, sum(held) AS events,
       sum(held_bytes) AS bytes FROM files
       WHERE source = ?1 AND state = 'done' AND done_us >= ?2 AND done_us < ?4 GROUP BY 1`,
    );
    this.#types = query(
      db,
      "SELECT name, events FROM type_counts c JOIN types t ON t.type = c.type WHERE source = ? AND events > 0",
    );
  }

  /** Buckets begin at `from`, then every `stepMs`; the last one ends at `to`. */
  series({ sources, by, from, to, stepMs }: VolumeQuery): readonly VolumeBucket[] {
    const totals = new Map<number, Amount>();
    for (const source of this.#numbers(sources)) {
      if (by === "event") this.#byEvent(source, { from: from * 1000, to: to * 1000, step: stepMs * 1000 }, totals);
      else addAll(totals, this.#ingested.all(source, from * 1000, stepMs * 1000, to * 1000));
    }
    const series = [...totals].filter(([, { events }]) => events > 0).sort(([a], [b]) => a - b);
    return series.map(([bucket, { events, bytes }]) => ({ at: from + bucket * stepMs, events, bytes }));
  }

  #byEvent(source: number, span: { from: number; to: number; step: number }, totals: Map<number, Amount>): void {
    const { from, to, step } = span;
    const cells = this.#counted.all(source, Math.floor(from / BUCKET_US), Math.ceil(to / BUCKET_US));
    for (const { bucket: cell, events, bytes } of cells) {
      const start = cell * BUCKET_US;
      const end = start + BUCKET_US;
      const bucket = Math.floor((start - from) / step);
      const isWhole = start >= from && end <= to && end <= from + (bucket + 1) * step;
      if (isWhole) add(totals, bucket, events, bytes);
      else addAll(totals, this.#rows.all(source, from, step, Math.max(start, from), Math.min(end, to)));
    }
  }

  types(sources: readonly DataSourceKey[]): readonly { readonly type: string; readonly events: number }[] {
    const totals = new Map<string, number>();
    for (const source of this.#numbers(sources))
      for (const { name, events } of this.#types.all(source)) totals.set(name, (totals.get(name) ?? 0) + events);
    return [...totals].map(([type, events]) => ({ type, events })).sort((a, b) => b.events - a.events);
  }

  #numbers(sources: readonly DataSourceKey[]): number[] {
    return sources.flatMap(({ collectorId, dataSource }) => {
      const row = this.#source.get(collectorId, dataSource);
      return row === undefined ? [] : [row.source];
    });
  }
}

function add(totals: Map<number, Amount>, bucket: number, events: number, bytes: number): void {
  const total = totals.get(bucket) ?? { events: 0, bytes: 0 };
  totals.set(bucket, { events: total.events + events, bytes: total.bytes + bytes });
}

function addAll(totals: Map<number, Amount>, rows: readonly CountRow[]): void {
  for (const { bucket, events, bytes } of rows) add(totals, bucket, events, bytes);
}
