import { expect, test } from "vitest";
import { addCounts, countLine, judge } from "./counts.ts";

test("the last line names passed and failed always, skipped only where there are any", () => {
  expect(countLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(countLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});

test("in CI a skipped test has failed; elsewhere it stays visible", () => {
  const counts = { passed: 3, failed: 0, skipped: 2 };

  expect(judge(counts, true)).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(judge(counts, false)).toEqual(counts);
});

test("a run without tests has failed", () => {
  expect(judge(addCounts([]), false).failed).toBe(1);
  expect(judge({ passed: 0, failed: 0, skipped: 5 }, false).failed).toBe(1);
});
