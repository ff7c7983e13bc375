import { expect, test } from "vitest";
import { columnsOf } from "./steps.ts";

test("a missing bucket is a gap, never zero", () => {
  const buckets = [
    { at: 60_000, events: 5, bytes: 50 },
    { at: 180_000, events: 0, bytes: 0 },
  ];

  const { times, events } = columnsOf({
    stepMs: 60_000,
    buckets,
    total: { events: 5, bytes: 50 },
    from: 0,
    to: 240_000,
  });

  expect(times).toEqual([0, 60, 120, 180]);
  expect(events).toEqual([null, 5, null, 0]);
});

test("a period without events has its steps and no bars", () => {
  const { times, events } = columnsOf({
    stepMs: 60_000,
    buckets: [],
    total: { events: 0, bytes: 0 },
    from: 30_000,
    to: 150_000,
  });

  expect(times).toEqual([0, 60, 120]);
  expect(events).toEqual([null, null, null]);
});
