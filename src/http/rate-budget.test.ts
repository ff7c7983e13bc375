import fc from "fast-check";
import { expect, test } from "vitest";
import { type FakeClock, fakeClock } from "../testing/fake-clock.ts";
import { type Grant, RateBudget } from "./rate-budget.ts";
import { createRateBudgets } from "./rate-budgets.ts";

const fresh = { lane: "fresh", ceiling: undefined, signal: undefined } as const;
const backlog = { ...fresh, lane: "backlog" } as const;

function aBudget(clock: FakeClock, remembered?: number) {
  const told: number[] = [];
  const budget = new RateBudget({ ...clock, remembered, remember: (perMinute) => told.push(perMinute) });
  return { budget, told };
}

/** Keeps `workers` requests under way; each is answered at once by `answer`. Returns the instants at which they began. */
function load(
  clock: FakeClock,
  budget: RateBudget,
  options: { workers: number; ceiling?: number; answer?: (begun: readonly number[]) => "ok" | number | undefined },
) {
  const begun: number[] = [];
  const stop = new AbortController();
  const work = async () => {
    while (!stop.signal.aborted) {
      const grant = await budget.take({ lane: "backlog", ceiling: options.ceiling, signal: stop.signal });
      begun.push(clock.monotonicMs());
      const answer = options.answer ? options.answer(begun) : "ok";
      if (answer === "ok") grant.succeeded();
      else grant.limited(answer);
    }
  };
  const running = Array.from({ length: options.workers }, () => work().catch(() => undefined));
  const end = async () => {
    stop.abort();
    await Promise.all(running);
  };
  return { begun, end };
}

/** The most that began within any 60 seconds. */
function busiestMinute(begun: readonly number[]): number {
  let most = 0;
  for (let i = 0, first = 0; i < begun.length; i += 1) {
    while (begun[first]! <= begun[i]! - 60_000) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

test("begins with a short burst at 45 a minute", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  let admitted = 0;

  for (let i = 0; i < 45; i += 1) void budget.take(fresh).then(() => (admitted += 1));
  await clock.advance(0);

  expect(admitted).toBe(7);
  await clock.advance(30_500);
  expect(admitted).toBe(30);
  await clock.advance(29_500);
  expect(admitted).toBe(45);
});

test("never lets more begin within any minute than a ceiling allows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 12 }),
      async (ceiling, workers, steps) => {
        const clock = fakeClock();
        const { budget } = aBudget(clock);
        const { begun, end } = load(clock, budget, { workers, ceiling });
        for (const step of steps) await clock.advance(step);
        await end();
        expect(busiestMinute(begun)).toBeLessThanOrEqual(ceiling);
      },
    ),
    { numRuns: 30 },
  );
});

test("never lets more begin within any minute than the rate found out by then, whatever upstream answers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("ok" as const, "ok" as const, "ok" as const, undefined, 500, 20_000, 61_000), {
        minLength: 1,
        maxLength: 40,
      }),
      async (answers) => {
        const clock = fakeClock();
        const { budget } = aBudget(clock);
        let worst = 0;
        const { end } = load(clock, budget, {
          workers: 1,
          answer(begun) {
            const inMinute = begun.filter((at) => at > clock.monotonicMs() - 60_000).length;
            if (inMinute > budget.perMinute()) worst = Math.max(worst, inMinute - budget.perMinute());
            return begun.length > 2_000 ? 3_600_000 : answers[begun.length % answers.length];
          },
        });
        for (let i = 0; i < 10; i += 1) await clock.advance(20_000);
        await end();
        expect(worst).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
});

test("doubles quickly where upstream has no limit, so that a loopback demo does not crawl", async () => {
  const clock = fakeClock();
  const { budget, told } = aBudget(clock);
  const { begun, end } = load(clock, budget, {
    workers: 20,
    answer: (all) => (all.length >= 3_000 ? 3_600_000 : "ok"),
  });

  await clock.advance(10_000);

  expect(begun.length).toBeGreaterThanOrEqual(3_000);
  expect(told.slice(0, 4)).toEqual([90, 180, 360, 720]);
  await end();
});

test("stays as it is while nobody strains it", async () => {
  const clock = fakeClock();
  const { budget, told } = aBudget(clock);

  for (let minute = 0; minute < 60; minute += 1) {
    for (let i = 0; i < 3; i += 1) (await budget.take(fresh)).succeeded();
    await clock.advance(60_000);
  }

  expect(budget.perMinute()).toBe(45);
  expect(told).toEqual([]);
});

test("sends one request per Retry-After while upstream goes on refusing", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  const { begun, end } = load(clock, budget, { workers: 12, answer: () => 30_000 });
  await clock.advance(0);
  const before = begun.length;

  await clock.advance(600_000);

  expect(begun.length - before).toBe(20);
  await end();
});

test("closes the gate for all until exactly the instant that upstream named, then lets one go ahead", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  const first = await budget.take(fresh);
  const begun: number[] = [];
  const grants: Grant[] = [];

  expect(first.limited(17_000)).toBe(17_000);
  for (let i = 0; i < 3; i += 1) {
    void budget.take(fresh).then((grant) => {
      begun.push(clock.monotonicMs());
      grants.push(grant);
    });
  }
  await clock.advance(16_999);
  expect(begun).toEqual([]);
  await clock.advance(5_000);
  expect(begun).toEqual([17_000]);

  grants[0]!.succeeded();
  await clock.advance(0);
  expect(begun).toHaveLength(3);
});

test("lets no flood through after a long wait: requests follow evenly", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock, 60);
  (await budget.take(fresh)).limited(300_000);

  const { begun, end } = load(clock, budget, { workers: 10 });
  await clock.advance(310_000);
  await end();

  expect(begun.length).toBeGreaterThan(5);
  expect(begun.length).toBeLessThanOrEqual(11);
});

test("waits longer than asked where the instant that upstream names is always too early", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  const { begun, end } = load(clock, budget, { workers: 1, answer: () => 0 });

  await clock.advance(600_000);
  await end();

  expect(begun.length).toBeLessThan(45);
});

test("a burst that is refused makes later bursts smaller, and leaves the rate as it is", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock, 120);
  const burst = async () => {
    const grants: Grant[] = [];
    const stop = new AbortController();
    for (let i = 0; i < 30; i += 1) {
      const taken = budget.take({ ...fresh, signal: stop.signal });
      taken.then((grant) => grants.push(grant)).catch(() => undefined);
    }
    await clock.advance(0);
    stop.abort();
    return grants;
  };
  const first = await burst();
  for (const grant of first.slice(0, 5)) grant.succeeded();
  for (const grant of first.slice(5)) grant.limited(1_000);
  await clock.advance(60_000);
  (await budget.take(fresh)).succeeded();
  await clock.advance(60_000);

  const second = await burst();

  expect(first).toHaveLength(20);
  expect(second).toHaveLength(10);
  expect(budget.perMinute()).toBe(120);
});

test("cuts once for several refusals of requests that were under way together", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock, 1_000);
  const grants = await Promise.all(Array.from({ length: 60 }, () => budget.take(fresh)));

  for (const grant of grants.slice(50)) grant.limited(10_000);

  expect(budget.perMinute()).toBe(700);
});

test("waits longer each time where a refusal names no time", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  const waits: number[] = [];

  for (let i = 0; i < 9; i += 1) {
    const taken = budget.take(fresh);
    await clock.advance(300_000);
    waits.push((await taken).limited(undefined));
  }

  expect(waits).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 48_000, 96_000, 192_000, 225_000]);
});

test("lets fresh requests go before backlog that has waited longer", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  for (let i = 0; i < 7; i += 1) await budget.take(fresh);
  const order: string[] = [];

  for (const name of ["b1", "b2"]) void budget.take(backlog).then(() => order.push(name));
  for (const name of ["f1", "f2"]) void budget.take(fresh).then(() => order.push(name));
  await clock.advance(10_000);

  expect(order).toEqual(["f1", "f2", "b1", "b2"]);
});

test("a waiter that is called off leaves its place and no timer behind", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  for (let i = 0; i < 7; i += 1) await budget.take(fresh);
  const called = new AbortController();

  const waiting = budget.take({ ...fresh, signal: called.signal });
  called.abort(new Error("called off"));

  await expect(waiting).rejects.toThrow("called off");
  expect(clock.sleepers()).toBe(0);
  await expect(budget.take({ ...fresh, signal: called.signal })).rejects.toThrow("called off");
});

test("goes on from the rate that was remembered, carefully", async () => {
  const clock = fakeClock();
  const { budget, told } = aBudget(clock, 600);
  const { begun, end } = load(clock, budget, { workers: 5 });

  await clock.advance(60_000);
  await end();

  expect(busiestMinute(begun)).toBeGreaterThanOrEqual(600);
  expect(busiestMinute(begun)).toBeLessThanOrEqual(612);
  expect(told).toEqual([]);
});

test("a ceiling holds a rate that could grow, and auto goes on searching from there", async () => {
  const clock = fakeClock();
  const { budget } = aBudget(clock);
  const held = load(clock, budget, { workers: 5, ceiling: 300 });
  await clock.advance(120_000);
  await held.end();
  expect(busiestMinute(held.begun)).toBe(300);
  expect(budget.perMinute()).toBe(300);

  const free = load(clock, budget, { workers: 5, answer: (all) => (all.length > 2_000 ? 3_600_000 : "ok") });
  await clock.advance(60_000);
  await free.end();
  expect(free.begun.length).toBeGreaterThan(2_000);
});

test("every collector of a key shares its budget, and routes and keys have their own", () => {
  const told: [string, number][] = [];
  const memory = {
    remembered: (id: string) => (id === "k1:list" ? 80 : undefined),
    remember: (id: string, perMinute: number) => void told.push([id, perMinute]),
  };
  const budgets = createRateBudgets(fakeClock(), memory);

  expect(budgets.budget("k1", "list")).toBe(budgets.budget("k1", "list"));
  expect(budgets.budget("k2", "list")).not.toBe(budgets.budget("k1", "list"));
  budgets.budget("k1", "download");
  expect(budgets.rates("k1")).toEqual({ list: 80, download: 45 });
  expect(budgets.rates("k3")).toEqual({});
});
