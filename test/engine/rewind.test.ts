// An operator sends a data source back in time: what is here stays as it is, what is missing comes, what is erased stays away.
import { expect, test } from "vitest";
import { dataDir, engineOn, expected, planFor, rawOf, sandboxWith, stateOf, stored } from "./engine-on-sandbox.ts";

const key = { collectorId: "col_test", dataSource: "conversations" };
const TO = "2026-11-18T08:00:00Z";
const request = { to: TO, by: "ada", at: "2026-11-18T16:00:00Z", after: undefined };

async function caughtUpOnce() {
  const sandbox = await sandboxWith();
  const path = await dataDir();
  const plan = planFor(sandbox, { dataSources: ["conversations"] });
  const first = await engineOn(path);
  await first.engine.apply([plan]);
  await first.engine.caughtUp();
  return { sandbox, path, plan, first };
}

test("the forecast tells what is here, and nothing is downloaded or written for it", async () => {
  const { sandbox, plan, first } = await caughtUpOnce();
  const before = { ...sandbox.counters.requests };
  const state = await stateOf(first.reader, "conversations");

  const forecast = await first.engine.forecastRewind(plan, "conversations", TO);

  const inRange = [...sandbox.published({ type: "CONVERSATION_MESSAGE", fromUs: Date.parse(TO) * 1_000 })];
  expect(inRange.length).toBeGreaterThan(3);
  const bytes = inRange.reduce((sum, { size }) => sum + size, 0);
  const amount = { files: inRange.length, bytes };
  const none = { files: 0, bytes: 0 };
  expect(forecast).toMatchObject({ key, listed: amount, here: amount, toFetch: none, waiting: none, gone: none });
  expect([...forecast.hereIds].sort()).toEqual(inRange.map(({ id }) => id).sort());
  expect(sandbox.counters.requests["download 307"]).toBe(before["download 307"]);
  expect(sandbox.counters.requests["list 200"]).toBe(before["list 200"]! + forecast.requests);
  expect((await stateOf(first.reader, "conversations")).cursor).toBe(state.cursor);
});

test("a forecast beyond the cursor, or before the collector's start, is refused", async () => {
  const { plan, first } = await caughtUpOnce();
  const refused = (to: string, start?: string) =>
    first.engine.forecastRewind({ ...plan, collector: { ...plan.collector, start } }, "conversations", to);

  await expect(refused("2030-01-01T00:00:00Z")).rejects.toMatchObject({ reason: "rewind_ahead" });
  await expect(refused(TO, "2026-11-18T13:00:00Z")).rejects.toMatchObject({ reason: "rewind_before_start" });
});

test("a rewind that fetches everything again doubles nothing, and what was erased stays away", async () => {
  const { sandbox, path, plan, first } = await caughtUpOnce();
  const { hereIds } = await first.engine.forecastRewind(plan, "conversations", TO);
  const all = await stored(first.reader);
  const inRange = all.filter(({ fileId }) => hereIds.includes(fileId));
  const erased = inRange[0]!;
  await first.store.erase([erased.seq], "2026-11-18T16:00:00Z");
  const before = rawOf(await stored(first.reader));
  await first.store.requestRewind(key, { ...request, again: hereIds });
  await first.close();
  const downloads = sandbox.counters.requests["download 307"]!;

  const second = await engineOn(path);
  await second.engine.apply([plan]);
  await second.engine.caughtUp();

  const state = await stateOf(second.reader, "conversations");
  expect(sandbox.counters.requests["download 307"]).toBe(downloads + hereIds.length);
  expect(rawOf(await stored(second.reader))).toEqual(before);
  expect(state.rewind).toMatchObject({
    phase: "done",
    again: { files: hereIds.length, done: hereIds.length, failed: 0, inserted: 0 },
  });
  expect(state.cursor).toBe(state.rewind!.from);
  expect(state.counts.filesPending).toBe(0);
});

test("what retention has removed comes back with a rewind that fetches again", async () => {
  const { sandbox, path, plan, first } = await caughtUpOnce();
  const { hereIds } = await first.engine.forecastRewind(plan, "conversations", TO);
  const lease = await first.store.lease(key.collectorId, [key.dataSource]);
  await first.store.removeExpired(lease, key, Date.parse("2026-11-19T00:00:00Z") * 1_000, 100_000);
  await first.store.requestRewind(key, { ...request, again: hereIds });
  await first.close();

  const second = await engineOn(path);
  await second.engine.apply([plan]);
  await second.engine.caughtUp();

  const again = new Set(rawOf(await stored(second.reader)));
  const wanted = [...sandbox.published({ type: "CONVERSATION_MESSAGE", fromUs: Date.parse(TO) * 1_000 })];
  const lines = wanted.flatMap((file) => file.events().map(({ line }) => line));
  expect(again.size).toBeGreaterThan(0);
  expect([...again].sort()).toEqual([...new Set(lines)].sort());
  expect([...again].every((line) => expected(sandbox, ["CONVERSATION_MESSAGE"]).includes(line))).toBe(true);
});

test("a file that the ledger does not hold is fetched after a rewind to before it", async () => {
  const sandbox = await sandboxWith();
  const late = { start: "2026-11-18T15:00:00Z", dataSources: ["conversations"] };
  const { engine, reader, store } = await engineOn(await dataDir());
  await engine.apply([planFor(sandbox, late)]);
  await engine.caughtUp();
  const plan = planFor(sandbox, { dataSources: ["conversations"], start: "2026-11-18T07:00:00Z" });

  const forecast = await engine.forecastRewind(plan, "conversations", TO);
  expect(forecast.toFetch.files).toBeGreaterThan(0);
  expect(forecast.toFetch.files + forecast.here.files).toBe(forecast.listed.files);
  await store.requestRewind(key, { ...request, again: [] });
  await engine.apply([plan]);
  await engine.caughtUp();

  const held = new Set((await stored(reader)).map(({ fileId }) => fileId));
  const state = await stateOf(reader, "conversations");
  expect(state.rewind?.phase).toBe("done");
  expect((await store.ledgerAmount(key, TO, "2026-11-18T16:00:00Z")).files).toBe(forecast.listed.files);
  expect(held.size).toBeGreaterThan(0);
});
