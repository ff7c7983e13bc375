// Live data while a backlog is collected, by one clock for both sides.
import { expect, test } from "vitest";
import { connectors } from "../../src/connectors/index.ts";
import { planFor, stored } from "./engine-on-sandbox.ts";
import { steppedWorld } from "./stepped-world.ts";

const MINUTE_MS = 60_000;
const POLL_MS = MINUTE_MS;
const START = "2026-11-18T16:00:00Z";
const startUs = Date.parse(START) * 1_000;

test("new files are stored within two poll intervals while 30 days of ten types are still to be fetched", async () => {
  const { sandbox, engine, reader, pass } = await steppedWorld({
    startAt: START,
    days: 30,
    people: 3,
    eventsPerDay: 9_000,
    live: true,
    rateLimits: { list: 50, download: 50, other: 50 },
  });
  const dataSources = connectors[0]!.dataSources.slice(0, 10).map(({ name }) => name);
  await engine.apply([planFor(sandbox, { dataSources, requestsPerMinute: "auto", pollIntervalMs: POLL_MS })]);

  await pass(40 * MINUTE_MS);

  const states = await reader.dataSources();
  const waiting = states.reduce((sum, { counts }) => sum + counts.filesPending, 0);
  expect(waiting).toBeGreaterThan(20_000);
  const holes = (await Promise.all(states.map(({ key }) => reader.holes(key, 100_000)))).flat();
  const stillWaits = new Set(holes.map(({ id }) => id));
  const takenIn = new Map((await stored(reader)).map(({ fileId, ingestedAt }) => [fileId, Date.parse(ingestedAt)]));
  const published = [...sandbox.published({ fromUs: startUs, toUs: startUs + 37 * MINUTE_MS * 1_000 })];
  // A file whose lines are all known already leaves no event that tells when it was taken in.
  const waits = published.flatMap(({ id, endTime }) => {
    const at = stillWaits.has(id) ? Number.POSITIVE_INFINITY : takenIn.get(id);
    return at === undefined ? [] : [{ publishedMs: Date.parse(endTime), waitMs: at - Date.parse(endTime) }];
  });
  // While the limit is being found out, the first refusal closes the gate for the rest of upstream's minute.
  const settledMs = Date.parse(START) + 5 * MINUTE_MS;
  const longest = (found: typeof waits) => Math.max(...found.map(({ waitMs }) => waitMs));
  const later = waits.filter(({ publishedMs }) => publishedMs >= settledMs);
  expect(later.length).toBeGreaterThan(15);
  expect(longest(later)).toBeLessThanOrEqual(2 * POLL_MS);
  expect(longest(waits)).toBeLessThanOrEqual(3 * POLL_MS);
  expect(refusedShare(sandbox.counters.requests)).toBeLessThan(0.1);
}, 300_000);

const refusedShare = (requests: Readonly<Record<string, number>>) =>
  (requests["download 429"] ?? 0) / (requests["download 307"] ?? 0);
