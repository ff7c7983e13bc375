import { expect, test } from "vitest";
import { volumeSentence } from "./volume.ts";

test("the estimate says on what it rests and what the filter keeps back", () => {
  const preview = { sampled: 200, keptBack: 20, eventsPerDay: 12_345, bytesPerDay: 34_000_000 };

  expect(volumeSentence(preview)).toBe(
    "About 12,345 events and 34 MB a day, judged by the last day and the 200 newest events; the filter keeps back 20 of those.",
  );
});

test("a filter that keeps nothing back is told as such", () => {
  const preview = { sampled: 1, keptBack: 0, eventsPerDay: 1, bytesPerDay: 900 };

  expect(volumeSentence(preview)).toBe(
    "About 1 event and 900 B a day, judged by the last day and the newest event; the filter lets all of those through.",
  );
});
