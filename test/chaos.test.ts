// Seconds of what `npm run chaos` does for minutes: each part runs as it does there, with smaller counts. The disk's part is
// test/full-disk.test.ts.
import { expect, test } from "vitest";
import { content } from "../chaos/content.ts";
import { frozen } from "../chaos/frozen.ts";
import { kill } from "../chaos/kill.ts";
import type { Part } from "../chaos/part.ts";
import { Faults } from "../chaos/part.ts";
import { power } from "../chaos/power.ts";
import { spoiledBodies } from "../chaos/upstream-bodies.ts";
import { bombs } from "../chaos/upstream-bombs.ts";
import { forbiddenRedirects } from "../chaos/upstream-redirects.ts";
import { slowAnswers } from "../chaos/upstream-slow.ts";

const small = (part: Part, count: number) => part({ seed: 1, count, note: () => undefined });

test("kills at named points lose and double nothing", { timeout: 120_000 }, async () => {
  const { faults, figures } = await small(kill, 6);

  expect(faults).toEqual([]);
  // A named point that is not on the way in one life is waited for in another, which ends with a kill as well.
  expect(figures).toMatchObject({ kills: expect.toSatisfy((kills: number) => kills >= 6) });
});

test("a power cut leaves what was acknowledged, and the rest whole or not at all", { timeout: 120_000 }, async () => {
  const { faults, figures } = await small(power, 60);

  expect(faults).toEqual([]);
  expect(figures).toMatchObject({ cuts: 60 });
});

test("a process that wakes up after another has taken over changes nothing", { timeout: 120_000 }, async () => {
  const { faults, figures } = await small(frozen, 2);

  expect(faults).toEqual([]);
  expect(figures).toMatchObject({ trials: 2 });
});

test("no spoiled body, bomb, slow answer or forbidden address gets through", { timeout: 120_000 }, async () => {
  const faults = new Faults();

  await spoiledBodies(110, 1, faults);
  await bombs(faults);
  await forbiddenRedirects(faults);
  await slowAnswers(false, faults);

  expect(faults.list()).toEqual([]);
});

test("hostile contents come out of store, export and search as they went in", { timeout: 120_000 }, async () => {
  const { faults, figures } = await small(content, 150);

  expect(faults).toEqual([]);
  expect(figures).toMatchObject({ contents: 151 });
});
