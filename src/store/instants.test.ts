import fc from "fast-check";
import { expect, test } from "vitest";
import { instantText, instantUs } from "./instants.ts";

test("instants are read with 0 to 9 fraction digits and any offset, cut to µs", () => {
  const base = Date.UTC(2026, 6, 15, 15, 29, 5) * 1000;
  expect(instantUs("2026-07-15T15:29:05Z")).toBe(base);
  expect(instantUs("2026-07-15T15:29:05.7Z")).toBe(base + 700_000);
  expect(instantUs("2026-07-15T15:29:05.746561Z")).toBe(base + 746_561);
  expect(instantUs("2026-07-15T15:29:05.746561999Z")).toBe(base + 746_561);
  expect(instantUs("2026-07-15T17:29:05.000+02:00")).toBe(base);
  expect(instantUs("2026-07-15t15:29:05z")).toBe(base);
});

test("what is no instant is undefined", () => {
  for (const text of [
    "",
    "yesterday",
    "2026-07-15",
    "2026-07-15T15:29:05",
    "2026-13-15T15:29:05Z",
    "2026-07-15T15:29:05.Z",
  ])
    expect(instantUs(text), text).toBeUndefined();
});

test("an instant written is the instant read", () => {
  const us = fc.integer({ min: -1e15, max: 4e15 });
  fc.assert(
    fc.property(us, (instant) => {
      expect(instantUs(instantText(instant))).toBe(instant);
    }),
  );
  expect(instantText(1_500)).toBe("1970-01-01T00:00:00.001500Z");
});
