import fc from "fast-check";
import { expect, test } from "vitest";
import type { FileCommit, Lease } from "../../model/store.ts";
import {
  ALLOWANCE_MS,
  aCommit,
  aFile,
  aLine,
  aScan,
  KEY,
  minute,
  minuteMs,
  minuteUs,
  type OpenedStore,
  type StoreUnderTest,
  wholeLog,
} from "./fixture.ts";

type Content = { readonly id: number; readonly at: number; readonly content: number };
type Step =
  | { readonly does: "list"; readonly file: number; readonly end: number }
  | { readonly does: "commit"; readonly file: number; readonly lines: readonly Content[]; readonly bad: number }
  | { readonly does: "quarantine" | "retry" | "expire"; readonly file: number }
  | { readonly does: "scan"; readonly to: number }
  | { readonly does: "remove"; readonly before: number; readonly limit: number }
  | { readonly does: "reopen" };

interface ModelFile {
  state: "pending" | "done" | "quarantined" | "expired";
  readonly end: number;
}

interface ModelRow {
  readonly key: string;
  readonly at: number;
}

/** What a store should be, in a few lines and all in memory. */
class Model {
  readonly files = new Map<number, ModelFile>();
  rows: ModelRow[] = [];
  duplicates = 0;
  conflicts = 0;
  bad = 0;
  gaps = 0;
  scannedTo: number | undefined;

  count(state: ModelFile["state"]): number {
    return [...this.files.values()].filter((file) => file.state === state).length;
  }

  get claim(): number | undefined {
    if (this.scannedTo === undefined) return undefined;
    const holes = [...this.files.values()].filter(({ state }) => state === "pending" || state === "quarantined");
    return Math.min(this.scannedTo - ALLOWANCE_MS / 60_000, ...holes.map(({ end }) => end));
  }

  insert({ id, at, content }: Content): void {
    const key = `${at}/${id}/${content}`;
    if (this.rows.some((row) => row.key === key)) this.duplicates += 1;
    else {
      if (this.rows.some((row) => row.key.startsWith(`${at}/${id}/`))) this.conflicts += 1;
      this.rows.push({ key, at });
    }
  }

  remove(before: number, limit: number): void {
    const gone = this.rows.filter(({ at }) => at < before).sort((a, b) => a.at - b.at);
    const bound = gone[limit - 1];
    // Among events of one time any may go first; the steps ask for so many that this never decides.
    if (bound !== undefined && gone[limit]?.at === bound.at) throw new Error("the step is ambiguous");
    const removed = new Set(gone.slice(0, limit));
    this.rows = this.rows.filter((row) => !removed.has(row));
  }
}

const file = fc.integer({ min: 0, max: 5 });
const content = fc.record({
  id: fc.integer({ min: 0, max: 3 }),
  at: fc.integer({ min: 0, max: 12 }),
  content: fc.integer({ min: 0, max: 2 }),
});
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constant("list" as const), file, end: fc.integer({ min: 0, max: 60 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant("commit" as const),
        file,
        lines: fc.array(content, { maxLength: 8 }),
        bad: fc.integer({ min: 0, max: 2 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ does: fc.constantFrom("quarantine" as const, "retry", "expire"), file }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant("scan" as const), to: fc.integer({ min: 30, max: 120 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant("remove" as const),
        before: fc.integer({ min: 0, max: 13 }),
        limit: fc.constant(1000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("reopen" as const) }) },
  ),
  { maxLength: 30 },
);

const problem = { code: "protocol" as const, reason: "hash", message: "m", action: undefined, at: minute(61) };
const quarantined = { state: "quarantined" as const, error: problem, retryAt: undefined, missingSince: undefined };
const lineOf = ({ id, at, content: text }: Content) => aLine(`e${id}`, at, `content ${text}`);

const commitOf = (name: string, { lines, bad }: { lines: readonly Content[]; bad: number }): FileCommit =>
  aCommit(name, [...lines.map(lineOf), ...Array.from({ length: bad }, () => ({ raw: "}", unreadable: "not JSON" }))]);

export function modelCases({ open }: StoreUnderTest): void {
  test("after any steps the store holds what a model in memory holds", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        let opened = await open();
        try {
          const held = await opened.store.lease(KEY.collectorId, [KEY.dataSource]);
          const model = new Model();
          for (const step of story) {
            if (step.does === "reopen") opened = await opened.reopen();
            else await act(opened, held, model, step);
          }
          await compare(opened, model);
        } finally {
          await opened.destroy();
        }
      }),
      { numRuns: 40 },
    );
  });
}

async function act({ store }: OpenedStore, held: Lease, model: Model, step: Exclude<Step, { does: "reopen" }>) {
  if (step.does === "scan") {
    model.scannedTo = Math.max(model.scannedTo ?? 0, step.to);
    return store.finishScan(held, KEY, aScan({ scannedTo: minute(step.to) }), ALLOWANCE_MS);
  }
  if (step.does === "remove") {
    model.remove(step.before, step.limit);
    return store.removeExpired(held, KEY, minuteUs(step.before), step.limit);
  }
  const name = `f${step.file}`;
  const known = model.files.get(step.file);
  if (step.does === "list") {
    if (known === undefined) model.files.set(step.file, { state: "pending", end: step.end });
    else if (known.state === "expired") {
      known.state = "pending";
      model.gaps -= 1;
    }
    return store.recordListing(held, KEY, [aFile(name, known?.end ?? step.end)], minute(60));
  }
  if (known === undefined) return;
  if (step.does === "commit") {
    const isNew = known.state !== "done";
    if (known.state === "expired") model.gaps -= 1;
    if (isNew) for (const line of step.lines) model.insert(line);
    if (isNew) model.bad += step.bad;
    known.state = "done";
    return store.commitFile(held, commitOf(name, step), ALLOWANCE_MS);
  }
  const isHole = known.state === "pending" || known.state === "quarantined";
  if (step.does === "quarantine") {
    if (known.state === "pending") known.state = "quarantined";
    return store.failFile(held, KEY, name, quarantined);
  }
  if (step.does === "retry") {
    if (known.state === "quarantined") known.state = "pending";
    return store.retryFile(KEY, name);
  }
  if (isHole) {
    known.state = "expired";
    model.gaps += 1;
  }
  return store.expireFile(held, KEY, name, minute(61), ALLOWANCE_MS);
}

async function compare({ store, reader }: OpenedStore, model: Model): Promise<void> {
  const state = await store.state(KEY);
  const log = await wholeLog(reader, { limit: 3 });
  const key = ({ timeKey, eventId, raw }: (typeof log)[number]) =>
    `${(timeKey - minuteUs(0)) / 60_000_000}/${eventId.slice(1)}/${JSON.parse(Buffer.from(raw).toString()).content.slice(8)}`;
  expect(log.map(key)).toEqual(model.rows.map((row) => row.key));
  expect(state.counts).toEqual({
    events: model.rows.length,
    bytes: log.reduce((sum, { raw }) => sum + raw.length, 0),
    duplicates: model.duplicates,
    conflicts: model.conflicts,
    quarantined: model.bad,
    unacknowledgedQuarantined: model.bad + model.count("quarantined"),
    filesDone: model.count("done"),
    filesPending: model.count("pending"),
    filesPendingBytes: 1000 * model.count("pending"),
    unacknowledgedGaps: model.gaps,
  });
  expect(state.completeThrough).toBe(model.claim === undefined ? undefined : minute(model.claim));
  expect((await reader.dataSources())[0]).toEqual(state);
  const whole = { sources: [KEY], from: minuteMs(0), to: minuteMs(100), stepMs: minuteMs(100) };
  for (const by of ["event", "ingest"] as const) {
    const [bucket] = await reader.volume({ ...whole, by });
    expect(bucket?.events ?? 0).toBe(model.rows.length);
  }
}
