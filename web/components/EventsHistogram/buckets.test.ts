import { expect, test } from "vitest";
import { allBuckets, stepName } from "./buckets.ts";

const minute = 60_000;
const at = (clock: string) => Date.parse(`2026-07-15T${clock}Z`);
const histogram = (buckets: { at: number; events: number }[]) => ({
  stepMs: minute,
  from: "2026-07-15T10:00:20Z",
  to: "2026-07-15T10:03:10Z",
  buckets,
});

test("empty buckets that the server leaves out are put back as zero", () => {
  const found = allBuckets(histogram([{ at: at("10:01:00"), events: 7 }]));

  expect(found.map(({ from, events }) => [from, events])).toEqual([
    [at("10:00:00"), 0],
    [at("10:01:00"), 7],
    [at("10:02:00"), 0],
    [at("10:03:00"), 0],
  ]);
});

test("buckets that the server lays from the period's beginning are met", () => {
  const found = allBuckets(histogram([{ at: at("10:01:20"), events: 3 }]));

  expect(found.map(({ from, events }) => [from, events])).toEqual([
    [at("10:00:20"), 0],
    [at("10:01:20"), 3],
    [at("10:02:20"), 0],
  ]);
});

test("no event of the server's answer is left out of a period that is one instant long", () => {
  const found = allBuckets({
    stepMs: minute,
    from: at("10:00:00"),
    to: at("10:00:00"),
    buckets: [{ at: at("10:00:00"), events: 1 }],
  });

  expect(found).toEqual([{ from: at("10:00:00"), to: at("10:01:00"), events: 1 }]);
});

test("the width of a bucket is said in its largest whole unit", () => {
  expect([1_000, 90_000, minute, 12 * minute, 6 * 60 * minute, 48 * 60 * minute].map(stepName)).toEqual([
    "1 s",
    "90 s",
    "1 min",
    "12 min",
    "6 h",
    "2 d",
  ]);
});
