import fc from "fast-check";
import { expect, test } from "vitest";
import { ratesOf, simulateRate } from "../testing/rate-simulation.ts";
import { fixedWindow, type Naming, slidingWindow, tokenBucket } from "../testing/upstream-limits.ts";

/** After the start and after a change of the limit. */
const LEARNING = 15;

const limiters = {
  "fixed window": (offset: number) => fixedWindow(offset),
  "sliding window": () => slidingWindow(),
  "token bucket of a minute": () => tokenBucket(1),
  "token bucket of some seconds": () => tokenBucket(0.15),
};
const anyNaming = fc.constantFrom<Naming>("seconds", "date", "absent");
const anyLimiter = fc.constantFrom(...(Object.keys(limiters) as (keyof typeof limiters)[]));

test("uses 95 % of whatever limit there is, with at most 2 % refused, once it has found it out", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        limiter: anyLimiter,
        limit: fc.integer({ min: 40, max: 250 }),
        naming: anyNaming,
        workers: fc.integer({ min: 3, max: 40 }),
        seed: fc.integer(),
      }),
      async ({ limiter, limit, naming, workers, seed }) => {
        const made = limiters[limiter](Math.abs(seed) % 60_000);
        const minutes = await simulateRate({
          limiter: made,
          limitAt: () => limit,
          naming,
          minutes: 60,
          workers,
          seed,
        });
        const { used, refused } = ratesOf(minutes, (minute) => minute >= LEARNING);
        expect(used).toBeGreaterThanOrEqual(0.95);
        expect(refused).toBeLessThanOrEqual(0.02);
      },
    ),
    { numRuns: 12 },
  );
});

test.each([
  [100, 50],
  [50, 100],
  [120, 70],
])("finds a limit anew that changes from %d to %d a minute", async (before, after) => {
  await fc.assert(
    fc.asyncProperty(anyLimiter, anyNaming, fc.integer(), async (limiter, naming, seed) => {
      const limitAt = (minute: number) => (minute < 30 ? before : after);
      const minutes = await simulateRate({ limiter: limiters[limiter](0), limitAt, naming, minutes: 75, seed });
      const { used, refused } = ratesOf(minutes, (minute) => minute >= 30 + LEARNING);
      expect(used).toBeGreaterThanOrEqual(0.95);
      expect(refused).toBeLessThanOrEqual(0.02);
    }),
    { numRuns: 6 },
  );
});

test("provokes no storm while it learns", async () => {
  await fc.assert(
    fc.asyncProperty(anyLimiter, anyNaming, fc.integer(), async (limiter, naming, seed) => {
      const limiterMade = limiters[limiter](0);
      const minutes = await simulateRate({ limiter: limiterMade, limitAt: () => 50, naming, minutes: LEARNING, seed });
      expect(Math.max(...minutes.map(({ refused }) => refused))).toBeLessThanOrEqual(20);
      expect(ratesOf(minutes, () => true).refused).toBeLessThan(0.1);
    }),
    { numRuns: 12 },
  );
});

test("stops trying for more for long where each refusal costs a long wait", async () => {
  const window = slidingWindow();
  const minutes = await simulateRate({
    limiter: (at, perMinute) => (window(at, perMinute) === undefined ? undefined : 60_000),
    limitAt: () => 100,
    naming: "seconds",
    minutes: 240,
  });

  const { used } = ratesOf(minutes, (minute) => minute >= 60);
  expect(used).toBeGreaterThanOrEqual(0.93);
});
