import { expect, test } from "vitest";
import { CollectorError } from "../model/errors.ts";
import type { LedgerFile } from "../model/store.ts";
import { type FakeClock, fakeClock } from "../testing/fake-clock.ts";
import { quietLog } from "../testing/quiet-log.ts";
import { createFileQueue } from "./file-queue.ts";
import { createMemoryGate } from "./memory-gate.ts";
import { createTally } from "./request-tally.ts";
import type { SourceContext } from "./source-context.ts";
import { createWatch, unwatched } from "./watch.ts";

interface Asked {
  /** How often the store was asked for files. */
  pending: number;
}

function aQueue(
  clock: FakeClock,
  pending: () => readonly LedgerFile[],
  nextRetry: () => string | undefined = () => undefined,
) {
  const asked: Asked = { pending: 0 };
  const stop = new AbortController();
  const store = {
    pending: async () => {
      asked.pending += 1;
      return pending();
    },
    nextRetry: async () => nextRetry(),
  };
  const ctx = {
    ...clock,
    store,
    key: { collectorId: "col_1", dataSource: "conversations" },
    log: quietLog(),
    signal: stop.signal,
    work: unwatched,
    tally: createTally(clock.now),
  } as unknown as SourceContext;
  const queue = createFileQueue({
    ctx,
    memory: createMemoryGate(1_000),
    askTwiceAtOnce: false,
    room: async () => undefined,
    onEnded: () => undefined,
    watch: createWatch(clock.now),
  });
  return { queue, asked, stop };
}

test("a queue that is woken at every poll leaves no sleep behind", async () => {
  const clock = fakeClock();
  const { queue, stop } = aQueue(clock, () => []);
  const running = queue.run();
  await clock.advance(0);
  const atFirst = clock.sleepers();

  for (let poll = 0; poll < 100; poll += 1) {
    queue.wake();
    await clock.advance(60_000);
  }

  expect(clock.sleepers()).toBe(atFirst);
  stop.abort();
  await running;
  expect(clock.sleepers()).toBe(0);
});

test("a file whose retry comes due is looked for then, and not before", async () => {
  const clock = fakeClock("2026-07-15T12:00:00Z");
  const { queue, asked, stop } = aQueue(
    clock,
    () => [],
    () => (clock.now() < new Date("2026-07-15T12:10:00Z") ? "2026-07-15T12:10:00Z" : undefined),
  );
  const running = queue.run();
  await clock.advance(0);
  const before = asked.pending;

  await clock.advance(9 * 60_000);
  expect(asked.pending).toBe(before);
  await clock.advance(60_000);
  expect(asked.pending).toBeGreaterThan(before);

  stop.abort();
  await running;
});

test("after a failure that concerns the whole data source the queue can be run again", async () => {
  const clock = fakeClock();
  let full = true;
  const { queue, asked, stop } = aQueue(clock, () => {
    if (full) throw new CollectorError("storage", "The disk is full", { reason: "disk_full" });
    return [];
  });

  await expect(queue.run()).rejects.toMatchObject({ code: "storage" });
  full = false;
  const before = asked.pending;
  const running = queue.run();
  await clock.advance(0);

  expect(asked.pending).toBeGreaterThan(before);
  stop.abort();
  await running;
});
