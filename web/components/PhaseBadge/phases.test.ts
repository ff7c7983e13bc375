import { expect, test } from "vitest";
import { deliveryHeadline, isTroubled, phaseSentence } from "./phases.ts";

const now = Date.parse("2026-07-15T16:00:00Z");

test("the headline says what is pending and for how long", () => {
  const told = { phase: "retrying", pending: 1_204, oldestPendingAt: "2026-07-15T15:48:00Z", deadLetters: 0 } as const;

  expect(deliveryHeadline(told, now)).toBe("1,204 events pending, the oldest for 12 min.");
});

test("dead letters are never left out, not even when everything else is delivered", () => {
  const told = { phase: "idle", pending: 0, deadLetters: 1 } as const;

  expect(deliveryHeadline(told, now)).toBe("Everything that was collected is delivered. 1 dead letter waits for you.");
});

test("only what is idle with nothing pending claims that everything is delivered", () => {
  expect(phaseSentence({ phase: "idle", pending: 0 })).toContain("Everything");
  expect(phaseSentence({ phase: "idle", pending: 3 })).toBe("3 events to go.");
  expect(phaseSentence({ phase: "delivering", pending: 0 })).toBe("The last events are on their way.");
  expect(phaseSentence({ phase: "paused", pending: 0 })).toBe("Nothing is sent; what comes in is kept for it.");
});

test("a pause is no trouble, a problem is", () => {
  const status = { phase: "paused", problem: undefined } as never;
  const problem = { code: "auth_failed", message: "", since: "" };

  expect(isTroubled({ status })).toBe(false);
  expect(isTroubled({ status: { ...(status as object), problem } as never })).toBe(true);
  expect(isTroubled({ status: { ...(status as object), phase: "unusable" } as never })).toBe(true);
});
