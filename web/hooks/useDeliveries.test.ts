import { expect, test } from "vitest";
import type { Receipt } from "../api-types.ts";
import { steadyReceipts } from "./useDeliveries.ts";

const noPause = async () => undefined;

/** Answers one after the other; the last one stays. */
function answering(...answers: readonly boolean[]) {
  let asked = 0;
  const ask = async () => {
    const reconciles = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    return [{ reconciles } as Receipt];
  };
  return { ask, asked: () => asked };
}

test("receipts that add up are asked for once", async () => {
  const server = answering(true);

  expect(await steadyReceipts(server.ask, noPause)).toEqual([{ reconciles: true }]);
  expect(server.asked()).toBe(1);
});

test("a mismatch that passes is not told", async () => {
  const server = answering(false, false, true);

  expect(await steadyReceipts(server.ask, noPause)).toEqual([{ reconciles: true }]);
  expect(server.asked()).toBe(3);
});

test("a mismatch that stays is told, and not asked for without end", async () => {
  const server = answering(false);

  expect(await steadyReceipts(server.ask, noPause)).toEqual([{ reconciles: false }]);
  expect(server.asked()).toBe(4);
});
