import type { Cell, EventFamily, World } from "../generator/family.ts";
import { CELL_MS, shareOfDay } from "../generator/rhythm.ts";
import { copiesReachMs, type Entry, entriesOf } from "./copies.ts";

/** Everything that is published in one stream, by time. */
export interface EntrySource {
  /** The entries published after `fromUs` and up to `toUs`, by the time of publication. */
  between(fromUs: number, toUs: number): readonly Entry[];
  /** Forgets what it has planned; the next call plans anew. */
  forget(): void;
}

/** How the traffic of a sandbox is laid out in time. */
export interface Traffic {
  /** Traffic is raised by `liveFactor` from this instant on. */
  readonly liveFromMs: number;
  readonly liveFactor: number;
  readonly fileIntervalMs: number;
}

/** The cell that starts at this instant. */
export function cellAt(startMs: number, traffic: Traffic): Cell {
  const factor = startMs + CELL_MS > traffic.liveFromMs ? traffic.liveFactor : 1;
  return { startMs, share: shareOfDay(startMs) * factor };
}

/** The entries of a family. Cells are planned when first asked for, and the newest ones kept. */
export function familySource(world: World, family: EventFamily, traffic: Traffic): EntrySource {
  const reachMs = family.reachMs + copiesReachMs(traffic.fileIntervalMs);
  const cellsBack = Math.ceil(reachMs / CELL_MS);
  const planned = new Map<number, readonly Entry[]>();

  function entriesIn(cellStartMs: number): readonly Entry[] {
    const known = planned.get(cellStartMs);
    if (known) return known;
    const events = family.plan(cellAt(cellStartMs, traffic));
    const entries = events.flatMap((event) => entriesOf(world, family, event, traffic.fileIntervalMs));
    planned.set(cellStartMs, entries);
    if (planned.size > cellsBack * 3)
      for (const oldest of [...planned.keys()].slice(0, cellsBack)) planned.delete(oldest);
    return entries;
  }

  return {
    between(fromUs, toUs) {
      const last = Math.floor(toUs / 1000 / CELL_MS);
      const first = Math.floor(fromUs / 1000 / CELL_MS) - cellsBack;
      const found: Entry[] = [];
      for (let cell = first; cell <= last; cell += 1) {
        for (const entry of entriesIn(cell * CELL_MS))
          if (entry.publishUs > fromUs && entry.publishUs <= toUs) found.push(entry);
      }
      return found.sort(byPublication);
    },
    forget: () => planned.clear(),
  };
}

/** Several sources as one. */
export function joinedSources(sources: readonly EntrySource[]): EntrySource {
  return {
    between: (fromUs, toUs) => sources.flatMap((source) => source.between(fromUs, toUs)).sort(byPublication),
    forget() {
      for (const source of sources) source.forget();
    },
  };
}

function byPublication(a: Entry, b: Entry): number {
  return a.publishUs - b.publishUs || (a.eventId < b.eventId ? -1 : 1);
}
