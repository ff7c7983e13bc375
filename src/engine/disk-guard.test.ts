import { expect, test } from "vitest";
import { quietLog } from "../testing/quiet-log.ts";
import { createDiskGuard, reserveBytes } from "./disk-guard.ts";

const GB = 1024 ** 3;

test("the reserve is 5 % of a small disk and 512 MB of a large one", () => {
  expect(reserveBytes({ totalBytes: GB })).toBe(GB * 0.05);
  expect(reserveBytes({ totalBytes: 1_000 * GB })).toBe(512 * 1024 ** 2);
});

test("ingestion pauses while the reserve is touched and goes on by itself", async () => {
  const use = { databaseBytes: 0, walBytes: 0, searchBytes: 0, freeBytes: 0.04 * GB, totalBytes: GB };
  const ticks: (() => void)[] = [];
  const sleep = (_ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      ticks.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  const stop = new AbortController();
  const guard = createDiskGuard({ disk: async () => ({ ...use }) }, { sleep, log: quietLog() });
  const watching = guard.watch(stop.signal);
  await Promise.resolve();
  await Promise.resolve();
  expect(guard.paused).toBe(true);
  const waiting = guard.room(stop.signal);

  use.freeBytes = 0.5 * GB;
  ticks.shift()?.();
  await waiting;

  expect(guard.paused).toBe(false);
  stop.abort();
  await watching;
});

test("the nearer the disk is to being full, the sooner it is looked at again; a failed write is looked into at once", async () => {
  const use = { databaseBytes: 0, walBytes: 0, searchBytes: 0, freeBytes: 0, totalBytes: 1_000 * GB };
  const waits: number[] = [];
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      waits.push(ms);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  const look = async (freeBytes: number) => {
    use.freeBytes = freeBytes;
    const stop = new AbortController();
    const guard = createDiskGuard({ disk: async () => ({ ...use }) }, { sleep, log: quietLog() });
    const watching = guard.watch(stop.signal);
    await Promise.resolve();
    await Promise.resolve();
    const end = async () => {
      stop.abort();
      await watching;
    };
    return { guard, end };
  };

  await (await look(900 * GB)).end();
  await (await look(100 * GB)).end();
  const { guard, end } = await look(GB);
  guard.full();
  await new Promise((resolve) => setImmediate(resolve));
  await end();

  expect(waits[0]! / 60_000).toBeCloseTo(16.1, 1);
  expect(waits[1]! / 1_000).toBeCloseTo(106.8, 1);
  expect(waits.slice(2)).toEqual([10_000, 10_000]);
});
