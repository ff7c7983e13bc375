import { expect, test } from "vitest";
import type { EngineActivity } from "../model/engine.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import { fakeEngine } from "../testing/fake-engine.ts";
import { answering } from "./answering.ts";

test("an engine that hangs is told by what it last said, and since when it is silent", async () => {
  const clock = fakeClock();
  const { asked, engine } = fakeEngine();
  const one = { key: { collectorId: "col_1", dataSource: "messages" } } as EngineActivity;
  asked.activity = [one];
  const hangs = Promise.withResolvers<readonly EngineActivity[]>();
  const alive = answering(
    { ...engine, activity: () => (asked.applied > 0 ? hangs.promise : engine.activity()) },
    clock,
  );

  expect(await alive.activity()).toEqual([one]);
  expect(await alive.silentSince?.()).toBeUndefined();
  asked.applied = 1;
  const late = alive.activity();
  await clock.advance(2_000);
  expect(await late).toEqual([one]);
  expect(await alive.silentSince?.()).toEqual(new Date("2026-01-01T00:00:00Z"));

  hangs.resolve([]);
  expect(await alive.activity()).toEqual([]);
  expect(await alive.silentSince?.()).toBeUndefined();
});

test("a question that fails is told as a failure, and asked anew the next time", async () => {
  const { engine } = fakeEngine();
  let fails = true;
  const failing = async () => {
    if (fails) throw new Error("the thread has ended");
    return true;
  };
  const alive = answering({ ...engine, diskPaused: failing }, fakeClock());

  await expect(alive.diskPaused()).rejects.toThrow("the thread has ended");
  fails = false;
  expect(await alive.diskPaused()).toBe(true);
});
