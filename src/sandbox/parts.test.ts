import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bulkLines } from "./generator/bulk.ts";
import { fileTime, isoTime, microsOf } from "./instants.ts";
import { fileIdOf, looksLikeFileId, positionOf } from "./publishing/file-id.ts";
import { slotGrid } from "./publishing/slots.ts";
import { Random, randomOf } from "./random.ts";
import { rateLimiter } from "./rate-limit.ts";
import { optionsFromArgs } from "./run.ts";

const instant = fc.integer({ min: Date.UTC(2020, 0, 1) * 1000, max: Date.UTC(2035, 0, 1) * 1000 });

test("an instant is read as it was printed, to the digits printed", () => {
  fc.assert(
    fc.property(instant, (us) => {
      expect(microsOf(isoTime(us, 6))).toBe(us);
      expect(microsOf(isoTime(us, 9))).toBe(us);
      expect(microsOf(isoTime(us, 3))).toBe(us - (us % 1000));
      expect(microsOf(isoTime(us, 0))).toBe(us - (us % 1_000_000));
      expect(microsOf(fileTime(us).replace("Z", "+00:00"))).toBe(us);
    }),
  );
  expect(microsOf("2026-11-20T12:00:00+02:00")).toBe(microsOf("2026-11-20T10:00:00Z"));
  expect(microsOf("2026-11-20")).toBeUndefined();
  expect(microsOf("2026-13-40T00:00:00Z")).toBeUndefined();
});

test("a file id gives back its position, and a changed one gives none", () => {
  const position = fc.record({
    stream: fc.integer({ min: 0, max: 255 }),
    endUs: instant,
    part: fc.integer({ min: 0, max: 999 }),
  });
  fc.assert(
    fc.property(fc.integer(), position, fc.integer({ min: 5, max: 32 }), (seed, given, at) => {
      const id = fileIdOf(seed, given);
      const bent = `${id.slice(0, at)}${id[at] === "0" ? "1" : "0"}${id.slice(at + 1)}`;
      expect(looksLikeFileId(id)).toBe(true);
      expect(positionOf(seed, id)).toEqual(given);
      expect(positionOf(seed, bent)).toBeUndefined();
    }),
  );
});

test("slots follow each other without gap or overlap, and every instant has its slot", () => {
  const startAtMs = Date.UTC(2026, 10, 20, 15, 3);
  const near = fc.integer({ min: (startAtMs - 40 * 86_400_000) * 1000, max: (startAtMs + 3 * 86_400_000) * 1000 });
  fc.assert(
    fc.property(
      near,
      fc.constantFrom(1000, 10_000, 600_000, 3_600_000),
      fc.integer({ min: 0, max: 13 }),
      (us, intervalMs, stream) => {
        const grid = slotGrid(1, startAtMs, intervalMs);
        const slot = grid.slotAt(stream, us);
        expect(grid.endUs(stream, slot)).toBeGreaterThanOrEqual(us);
        expect(grid.endUs(stream, slot - 1)).toBeLessThan(us);
      },
    ),
  );
});

describe("random streams", () => {
  test("depend on every part and on their order", () => {
    const first = (...parts: (string | number)[]) => randomOf(...parts).hex(16);
    const texts = [
      first(1, "a"),
      first(2, "a"),
      first(1, "b"),
      first("a", 1),
      first(1, "a", 0),
      first(1 + 2 ** 32, "a"),
    ];
    expect(new Set(texts).size).toBe(texts.length);
    expect(first(1, "a")).toBe(first(1, "a"));
  });

  test("are even enough, and make the expected number of things", () => {
    const random = randomOf("evenness");
    const fractions = Array.from({ length: 20_000 }, () => random.fraction());
    const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(Math.abs(mean(fractions) - 0.5)).toBeLessThan(0.01);
    for (const expected of [0.2, 4, 60]) {
      expect(Math.abs(mean(Array.from({ length: 5000 }, () => random.count(expected))) / expected - 1)).toBeLessThan(
        0.1,
      );
    }
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(() => new Random(1, 2, 3).pick([])).toThrow(RangeError);
  });
});

test("a limit of 0 lets everything pass, another one only so many a minute", () => {
  let nowMs = 0;
  const limiter = rateLimiter({ list: 0, download: 2, other: 5 }, () => nowMs);
  for (let i = 0; i < 500; i += 1) expect(limiter.take("key", "list")).toBeUndefined();
  expect([1, 2, 3].map(() => limiter.take("key", "download"))).toEqual([undefined, undefined, 60]);
  nowMs = 59_999;
  expect(limiter.take("key", "download")).toBe(1);
  nowMs = 60_000;
  expect(limiter.take("key", "download")).toBeUndefined();
});

test("bulk lines have exactly the length asked for, and refuse one that is too short", () => {
  const file = {
    name: "f",
    type: "AUTH_LOG",
    principalId: "ws",
    endUs: 1_790_000_000_000_000,
    lines: 3,
    lineBytes: 640,
  };
  const lines = bulkLines(file).toString().split("\n");
  expect(lines.map((line) => line.length)).toEqual([639, 639, 639, 0]);
  expect(() => bulkLines({ ...file, lineBytes: 300 })).toThrow(RangeError);
});

test("flags become options, unknown and wrong ones are refused", () => {
  expect(
    optionsFromArgs([
      "--listen",
      "127.0.0.1:9000",
      "--seed",
      "4",
      "--no-live",
      "--rate",
      "600",
      "--quirks",
      '{"htmlPages":1}',
    ]),
  ).toEqual({
    host: "127.0.0.1",
    port: 9000,
    seed: 4,
    live: false,
    ratePerMinute: 600,
    quirks: { htmlPages: 1 },
  });
  expect(optionsFromArgs(["--listen", "0", "--bulk-files", "2"])).toEqual({
    port: 0,
    bulk: { files: 2, linesPerFile: 1000 },
  });
  expect(() => optionsFromArgs(["--speed", "4"])).toThrow();
  expect(() => optionsFromArgs(["--seed", "four"])).toThrow("--seed");
  expect(() => optionsFromArgs(["--listen", "here"])).toThrow("--listen");
});
