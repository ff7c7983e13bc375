import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type CommitFigures, GrownStore } from "./grown-store.ts";
import type { MessagesShape } from "./messages.ts";
import { note } from "./result.ts";

export interface ScaleRun {
  readonly folder: string;
  readonly shape: MessagesShape;
  /** Ascending. The first is the size that the others are compared with. */
  readonly sizes: readonly number[];
  /** Files measured at each size. */
  readonly files: number;
}

/**
 * The cost of an event's commit at each size, and at the same minute in a new store of the smallest size: files are committed to
 * the one and the other in turn, so that whatever else the machine does hits both.
 */
export async function measureScale({ folder, shape, sizes, files }: ScaleRun) {
  const store = await GrownStore.open(join(folder, "store"), shape);
  const rows: object[] = [];
  // A store that was kept may be further already: its own size is then the first that is measured.
  const ahead = sizes.filter((size) => size >= store.events);
  for (const size of ahead.length > 0 ? ahead : [store.events]) {
    note(`growing to ${size} events`);
    await store.growTo(size);
    const small = await GrownStore.open(join(folder, "small"), shape);
    await small.growTo(sizes[0]!);
    rows.push({ ...(await inTurns(store, small, files)), databaseMb: databaseMb(folder) });
    note(`  ${JSON.stringify(rows.at(-1))}`);
    await small.close();
    rmSync(join(folder, "small"), { recursive: true });
  }
  await store.close();
  return rows;
}

async function inTurns(store: GrownStore, small: GrownStore, files: number) {
  const stored = store.events;
  const large: CommitFigures[] = [];
  const beside: CommitFigures[] = [];
  for (let turn = 0; turn < files; turn++) {
    // Whoever comes second may find the disk still busy with the first.
    const largeFirst = turn % 2 === 0;
    if (largeFirst) large.push(await store.commitNext());
    beside.push(await small.commitNext());
    if (!largeFirst) large.push(await store.commitNext());
  }
  const here = figuresOf(large);
  const there = figuresOf(beside);
  const ratio = (a: number, b: number) => Number((a / b).toFixed(2));
  return {
    stored,
    ...here,
    smallest: there,
    ratio: ratio(here.microseconds, there.microseconds),
    cpuRatio: ratio(here.cpuMicroseconds, there.cpuMicroseconds),
  };
}

/** Per event: the median and the mean of the files. */
function figuresOf(commits: readonly CommitFigures[]) {
  const each = commits.map(({ ms, events }) => (ms * 1_000) / events).toSorted((a, b) => a - b);
  const total = (of: (commit: CommitFigures) => number) => commits.reduce((sum, commit) => sum + of(commit), 0);
  const perEvent = (ms: number) => Number(((ms * 1_000) / total(({ events }) => events)).toFixed(2));
  return {
    microseconds: Number(each[Math.floor(each.length / 2)]!.toFixed(2)),
    meanMicroseconds: perEvent(total(({ ms }) => ms)),
    cpuMicroseconds: perEvent(total(({ cpuMs }) => cpuMs)),
  };
}

const databaseMb = (folder: string) => Math.round(statSync(join(folder, "store", "cistern.db")).size / 2 ** 20);
