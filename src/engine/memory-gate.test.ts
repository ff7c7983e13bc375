import { expect, test } from "vitest";
import { createMemoryGate } from "./memory-gate.ts";

const never = new AbortController().signal;
const settled = async (promise: Promise<unknown>) => {
  const pending = Symbol("pending");
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(() => resolve(pending)))])) !== pending;
};

test("work waits in line until what it needs fits", async () => {
  const gate = createMemoryGate(10);
  const first = (await gate.enter(6, never))!;
  const second = gate.enter(6, never);
  const third = gate.enter(1, never);
  expect(await settled(second)).toBe(false);
  expect(await settled(third)).toBe(false);

  first();

  expect(await settled(second)).toBe(true);
  expect(await settled(third)).toBe(true);
});

test("a piece larger than the limit is let in alone", async () => {
  const gate = createMemoryGate(10);
  const small = (await gate.enter(1, never))!;
  const huge = gate.enter(50, never);
  expect(await settled(huge)).toBe(false);

  small();

  expect(await settled(huge)).toBe(true);
  expect(await settled(gate.enter(1, never))).toBe(false);
});

test("who leaves the line holds nobody up", async () => {
  const gate = createMemoryGate(10);
  await gate.enter(9, never);
  const leaving = new AbortController();
  const large = gate.enter(5, leaving.signal);
  const small = gate.enter(1, never);

  leaving.abort();

  expect(await large).toBeUndefined();
  expect(await settled(small)).toBe(true);
});

test("releasing twice frees the bytes once", async () => {
  const gate = createMemoryGate(10);
  const release = (await gate.enter(5, never))!;
  await gate.enter(5, never);
  release();
  release();

  expect(await settled(gate.enter(5, never))).toBe(true);
  expect(await settled(gate.enter(5, never))).toBe(false);
});
