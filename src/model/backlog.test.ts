import { expect, test } from "vitest";
import { type Backlog, backlogOf, paceSinceMs, sumOf } from "./backlog.ts";
import type { DataSourceState } from "./store.ts";

const state = (filesDone: number, filesPending: number) =>
  ({ counts: { filesDone, filesPending, filesPendingBytes: filesPending * 1_000 } }) as DataSourceState;
const forecast = { seconds: 600, at: "2026-07-15T12:10:00.000Z", by: "measured" } as const;

test("tells what is done, what is left, how fast and until when", () => {
  const backlog = backlogOf(state(100, 300), { files: 240, bytes: 240_000, events: 4_500, seconds: 300 }, forecast);

  expect(backlog).toEqual({
    filesDone: 100,
    filesListed: 400,
    bytesLeft: 300_000,
    filesPerMinute: 48,
    bytesPerSecond: 800,
    eventsPerSecond: 15,
    secondsLeft: 600,
    endsAt: forecast.at,
  });
});

test("there is none where nothing waits, and no guess where nothing tells the pace", () => {
  expect(backlogOf(state(100, 0), undefined, forecast)).toBeUndefined();
  expect(backlogOf(state(100, 1), undefined, undefined)).toMatchObject({
    filesPerMinute: undefined,
    secondsLeft: undefined,
    endsAt: undefined,
  });
});

test("a pace is taken over five minutes, or since the start, if that is not just now", () => {
  const now = new Date("2026-07-15T12:00:00Z");
  const agoMs = (seconds: number) => now.getTime() - seconds * 1_000;

  expect(paceSinceMs(now, undefined)).toBe(agoMs(300));
  expect(paceSinceMs(now, new Date(agoMs(90)))).toBe(agoMs(90));
  expect(paceSinceMs(now, new Date(agoMs(10)))).toBeUndefined();
});

test("several end when the last of them does, and nobody knows when while one is unknown", () => {
  const one = backlogOf(state(10, 20), { files: 10, bytes: 0, events: 0, seconds: 300 }, forecast)!;
  const later: Backlog = { ...one, secondsLeft: 900, endsAt: "2026-07-15T12:15:00.000Z", filesPerMinute: undefined };

  expect(sumOf([])).toBeUndefined();
  expect(sumOf([later, one])).toMatchObject({
    filesListed: 60,
    filesPerMinute: 2,
    secondsLeft: 900,
    endsAt: later.endsAt,
  });
  expect(sumOf([one, { ...one, secondsLeft: undefined }])).toMatchObject({ secondsLeft: undefined, endsAt: undefined });
});
