import type { DatabaseSync } from "node:sqlite";
import { query } from "../../store/sqlite/connection.ts";
import { type Amount, Tally } from "../../store/sqlite/tally.ts";
import { spokenNumber } from "../table.ts";
import { type Findings, nameOf, RECOUNT, rows, type SourceName, STAYS } from "./examine.ts";

interface SourceRow extends SourceName {
  readonly source: number;
}

/** Adds a file's events to those of its data source. */
export function addTally(tallies: Map<number, Tally>, source: number, of: Tally): void {
  const tally = tallies.get(source) ?? new Tally();
  tallies.set(source, tally);
  tally.events += of.events;
  tally.bytes += of.bytes;
  for (const [type, events] of of.types) tally.types.set(type, (tally.types.get(type) ?? 0) + events);
  for (const [bucket, amount] of of.buckets) {
    const sum = tally.buckets.get(bucket) ?? { events: 0, bytes: 0 };
    tally.buckets.set(bucket, { events: sum.events + amount.events, bytes: sum.bytes + amount.bytes });
  }
}

const VOLUME = "The volume by event time is miscounted";
const TYPES = "Events by type are miscounted";

/** Compares what was counted with what the commits have counted. Made in the transaction that has seen the last event. */
export class CountComparison {
  readonly #faults: { readonly source: SourceRow; readonly what: string; readonly where: string }[] = [];
  /** Data sources of which events were removed while they were counted. */
  readonly #moved = new Set<number>();

  constructor(db: DatabaseSync, tallies: ReadonlyMap<number, Tally>, visited: ReadonlyMap<number, number>) {
    const sources = rows<SourceRow>(db, `SELECT source, collector_id, data_source FROM sources s WHERE ${STAYS}`);
    for (const source of sources) {
      const before = this.#faults.length;
      this.#compare(db, source, tallies.get(source.source) ?? new Tally());
      if (this.#faults.length > before && hasMoved(db, source.source, visited)) this.#moved.add(source.source);
    }
  }

  #compare(db: DatabaseSync, source: SourceRow, tally: Tally): void {
    const volume = query<Amount & { bucket: number }>(
      db,
      "SELECT bucket, events, bytes FROM volume WHERE source = ? AND (events <> 0 OR bytes <> 0)",
    ).all(source.source);
    const counted = new Map(volume.map(({ bucket, events, bytes }) => [bucket, { events, bytes }]));
    for (const bucket of new Set([...counted.keys(), ...tally.buckets.keys()])) {
      const is = tally.buckets.get(bucket) ?? { events: 0, bytes: 0 };
      const says = counted.get(bucket) ?? { events: 0, bytes: 0 };
      if (is.events !== says.events || is.bytes !== says.bytes)
        this.#add(source, VOLUME, `five minutes number ${bucket}: ${spoken(says)} are noted, ${spoken(is)} are there`);
    }
    const types = query<{ type: number; events: number }>(
      db,
      "SELECT type, events FROM type_counts WHERE source = ? AND events <> 0",
    ).all(source.source);
    const byType = new Map(types.map(({ type, events }) => [type, events]));
    for (const type of new Set([...byType.keys(), ...tally.types.keys()])) {
      const is = tally.types.get(type) ?? 0;
      const says = byType.get(type) ?? 0;
      if (is !== says) this.#add(source, TYPES, `type number ${type}: ${says} are noted, ${is} are there`);
    }
  }

  #add(source: SourceRow, what: string, where: string): void {
    this.#faults.push({ source, what, where: `${nameOf(source)}, ${where}` });
  }

  /** Tells what is wrong, but for the data sources in `except`. Returns those of which nothing could be said. */
  tell(findings: Findings, except: ReadonlySet<number>): readonly string[] {
    const unjudged = new Set<string>();
    for (const { source, what, where } of this.#faults) {
      if (except.has(source.source)) continue;
      if (this.#moved.has(source.source)) unjudged.add(nameOf(source));
      else findings.add(what, RECOUNT, where);
    }
    return [...unjudged];
  }
}

const spoken = ({ events, bytes }: Amount) => `${spokenNumber(events)} events of ${spokenNumber(bytes)} bytes`;

/** Whether a file that was read holds another number of events by now. */
function hasMoved(db: DatabaseSync, source: number, visited: ReadonlyMap<number, number>): boolean {
  const files = query<{ file: number; held: number }>(db, "SELECT file, held FROM files WHERE source = ?").all(source);
  return files.some(({ file, held }) => visited.has(file) && visited.get(file) !== held);
}
