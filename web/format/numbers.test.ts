import { expect, test } from "vitest";
import { bytes, count, percent, plural, rate, shortCount } from "./numbers.ts";

test("counts carry thousands separators", () => {
  expect(count(1_204_117)).toBe("1,204,117");
});

test.each([
  [0, "0"],
  [999, "999"],
  [1_000, "1 k"],
  [1_500, "1.5 k"],
  [999_499, "999 k"],
  [999_500, "1 M"],
  [4_100_000, "4.1 M"],
  [2_000_000_000, "2 G"],
])("axis labels are short: %d is %s", (value, text) => {
  expect(shortCount(value)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1 kB"],
  [412_000_000, "412 MB"],
  [999_900, "1 MB"],
  [1_400_000_000, "1.4 GB"],
  [5e15, "5000 TB"],
])("sizes go by powers of a thousand: %d is %s", (value, text) => {
  expect(bytes(value)).toBe(text);
});

test("one is singular, everything else plural", () => {
  expect([plural(0, "file"), plural(1, "file"), plural(2, "file"), plural(2, "entry", "entries")]).toEqual([
    "0 files",
    "1 file",
    "2 files",
    "2 entries",
  ]);
});

test("a share below the whole never reads as 100 %", () => {
  expect([percent(0), percent(0.634), percent(0.9999), percent(1)]).toEqual(["0 %", "63 %", "99 %", "100 %"]);
});

test("rates keep one digit while they are small, and never round to nothing", () => {
  expect([0, 1 / 60, 0.4, 1, 12.3, 1_204].map(rate)).toEqual([
    "0 /s",
    "< 0.1 /s",
    "0.4 /s",
    "1 /s",
    "12 /s",
    "1,204 /s",
  ]);
});
