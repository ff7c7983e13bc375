// Every benchmark at a size that takes a second or two: that it runs to its end and measures what it says, not how quick we are.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareWithScript } from "../bench/compare-with-script.ts";
import { linesOf, measureTarget } from "../bench/destinations/measure.ts";
import { targets } from "../bench/destinations/targets.ts";
import { GrownStore, shapeFor } from "../bench/grown-store.ts";
import { measureFreshness } from "../bench/measure-freshness.ts";
import { measureScale } from "../bench/measure-scale.ts";
import { missingTools } from "../bench/measure-script.ts";
import { measureSearch } from "../bench/measure-search.ts";
import { slopeOf } from "../bench/measure-soak.ts";
import { destinations } from "../src/destinations/index.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-bench-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(missingTools().length > 0)("the script and the product collect the same events", async () => {
  const workspaceId = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
  const { script, product } = await compareWithScript(folder, {
    files: 2,
    linesPerFile: 100,
    lineBytes: 1_000,
    workspaceId,
  });

  expect(script.eventsPerSecond).toBeGreaterThan(0);
  expect(product.indexRunning.eventsPerSecond).toBeGreaterThan(0);
});

test("a store grows to each size, and can be grown further and searched", async () => {
  const shape = shapeFor(1_200, 100, 1_000);
  const sizes = await measureScale({ folder, shape, sizes: [300, 1_200], files: 2 });
  expect(sizes).toMatchObject([{ stored: 300 }, { stored: 1_200 }]);

  const { stored, indexing, queries, kinds } = await measureSearch({ folder, shape, events: 1_800 });
  expect(stored).toBe(1_800);
  expect(indexing.indexed).toBe(1_800);
  expect(queries).toBeGreaterThan(200);
  expect(Object.keys(kinds)).toHaveLength(15);
});

test("files are stored that become visible while the product runs", async () => {
  const { files, notStored } = await measureFreshness({ folder, pollMs: 500, seconds: 2, backlogDays: 0 });

  expect(files).toBeGreaterThan(0);
  expect(notStored).toBe(0);
});

test.each(["files", "webhook"])("every event gets to %s, by the product and by the bare client", async (kind) => {
  const store = await GrownStore.open(folder, { linesPerFile: 100, lineBytes: 600, fileMs: 60_000 });
  const reader = openSqliteReader(folder);
  try {
    await store.growTo(300);
    const collectorIds = ["col_a", "col_b"];
    const lines = await linesOf(reader, collectorIds);
    expect(lines).toHaveLength(300);
    const stored = { store, reader, dataDir: folder, collectorIds, lines };

    const { eventsPerSecond, bareEventsPerSecond } = await measureTarget(
      targets.find((target) => target.kind === kind)!,
      stored,
    );

    expect(eventsPerSecond).toBeGreaterThan(0);
    expect(bareEventsPerSecond).toBeGreaterThan(0);
  } finally {
    await reader.close();
    await store.close();
  }
});

test("there is a target for every destination", () => {
  expect(targets.map(({ kind }) => kind).sort()).toEqual(destinations.map(({ name }) => name).sort());
});

test("the slope is that of the straight line nearest to all points", () => {
  expect(slopeOf([1, 2, 3, 4].map((x) => [x, 7 - 2 * x]))).toBeCloseTo(-2);
  expect(
    slopeOf([
      [0, 0],
      [1, 3],
      [2, 0],
      [3, 3],
    ]),
  ).toBeCloseTo(0.6);
});
