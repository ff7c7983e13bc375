// A disk that shows room and takes nothing, as with a quota: there is nothing to see, only to try.
import { expect, test } from "vitest";
import { planFor } from "./engine-on-sandbox.ts";
import { steppedWorld } from "./stepped-world.ts";

const MINUTE_MS = 60_000;

test("where every commit is refused, the files are asked for ever more seldom", async () => {
  const company = { startAt: "2026-11-18T16:00:00Z", days: 1, people: 3, eventsPerDay: 200, live: false };
  const { sandbox, engine, reader, pass } = await steppedWorld(company, { maxBytes: 300_000 });
  await engine.apply([planFor(sandbox, { dataSources: ["conversations"], pollIntervalMs: MINUTE_MS })]);

  await pass(60 * MINUTE_MS);
  const firstHour = sandbox.counters.requests["download 307"] ?? 0;
  await pass(60 * MINUTE_MS);
  const secondHour = (sandbox.counters.requests["download 307"] ?? 0) - firstHour;

  const [state] = await reader.dataSources();
  expect(state?.error).toMatchObject({ code: "storage", reason: "disk_full" });
  // Every five minutes at the most, and half of that by chance; five slots each time.
  expect(secondHour).toBeLessThanOrEqual(24 * 5);
  expect(secondHour).toBeGreaterThan(0);
}, 120_000);
