import { expect, test } from "vitest";
import { paceWords, progressWords, restWords } from "./words.ts";

const backlog = {
  filesDone: 1_234,
  filesListed: 43_200,
  bytesLeft: 1_200_000_000,
  filesPerMinute: 47.5,
  eventsPerSecond: 320,
  secondsLeft: 51_000,
};

test("a backlog is told as progress, pace and rest", () => {
  expect(progressWords(backlog)).toMatch(/^1,234 of 43,200 files, \d/);
  expect(paceWords(backlog)).toContain("files a minute, 320 events a second");
  expect(restWords(backlog)).toBe("1.2 GB left, about 14 h");
});

test("what is not known is not made up", () => {
  const { filesPerMinute: _, secondsLeft: __, ...unknown } = backlog;

  expect(paceWords(unknown)).toBe("");
  expect(restWords(unknown)).toBe("1.2 GB left, end not known yet");
});
