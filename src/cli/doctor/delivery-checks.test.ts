import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteStore } from "../../store/sqlite/store.ts";
import { damage } from "../fixtures/damage.ts";
import { fillDataDir, now } from "../fixtures/data-dir.ts";
import { deliveriesCheck } from "./delivery-checks.ts";

const HOUR = Math.floor(Date.parse("2026-07-15T15:41:00Z") / 3_600_000);
let sound: string;
let work: string;
let collectorId: string;

/** One delivery that has begun after a removal, with a batch delivered but for one event, one open, and a replay beside it. */
beforeAll(async () => {
  ({ path: sound, collectorId } = await fillDataDir());
  work = mkdtempSync(join(tmpdir(), "cistern-doctor-"));
  const store = await openSqliteStore(sound);
  const { deliveries } = store;
  expect(await store.erase([1_100, 1_101], now.toISOString())).toBe(2);
  const [live] = await deliveries.openDeliveries("dest_soc", [collectorId], "start");
  await cut(store, live!.id, { from: 0, upTo: 500, filtered: 10 });
  const [first] = await deliveries.openBatches(live!.id);
  const letter = { seq: 7, key: "k", eventId: "e6", type: "T", hour: HOUR, reason: "mapping", answer: "no" };
  const settled = { delivered: { [HOUR]: 489 }, dead: [letter], withdrawn: {}, left: [], at: now.toISOString() };
  await deliveries.settle({ number: first!.number, ...settled });
  await cut(store, live!.id, { from: 500, upTo: 900, filtered: 0 });
  expect(await store.erase([1_000], now.toISOString())).toBe(1);
  await deliveries.requestReplay({
    destinationId: "dest_soc",
    collectorIds: [collectorId],
    ...{ dataSource: undefined, fromUs: undefined, toUs: undefined },
    ...{ events: 1_197, by: "ada", at: now.toISOString() },
  });
  await store.close();
});
afterAll(() => {
  rmSync(sound, { recursive: true });
  rmSync(work, { recursive: true });
});

async function cut(
  store: Awaited<ReturnType<typeof openSqliteStore>>,
  deliveryId: number,
  { from, upTo, filtered }: { readonly from: number; readonly upTo: number; readonly filtered: number },
): Promise<void> {
  const events = upTo - from - filtered;
  const facts = { batchId: "b", bytes: 10, sha256: "", cutAt: now.toISOString(), hours: { [HOUR]: events } };
  const batch = { after: from, upTo, events, ...facts };
  expect(await store.deliveries.recordCut({ deliveryId, from, upTo, filtered: { [HOUR]: filtered }, batch })).toBe(
    true,
  );
}

/** What the check says of a copy of the folder, changed. */
async function said(sql?: string) {
  const dataDir = join(work, String(readdirSync(work).length));
  cpSync(sound, dataDir, { recursive: true });
  if (sql !== undefined) damage(dataDir, sql);
  const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true });
  try {
    return await deliveriesCheck.run({ db } as never);
  } finally {
    db.close();
  }
}

test("a store with deliveries is sound, with what was removed before and after they began", async () => {
  expect(await said()).toEqual({ examined: 2, violations: [] });
});

const HOURS = "Hours of deliveries do not add up";
const TOTALS = "Totals of deliveries are not what their hours add up to";
const LETTERS = "Dead letters are not as many as were counted";
const ORDER = "Positions of deliveries are not in their order";
const BEGIN = "Positions are not where the open batches begin";
const OUTSIDE = "Batches lie outside of what was cut";
const COUNTED = "Batches do not count what they hold";

test.each([
  ["an hour has one delivered too few", "UPDATE receipts SET delivered = delivered - 1", [TOTALS, HOURS]],
  ["a total is wrong", "UPDATE deliveries SET filtered = 11 WHERE replay IS NULL", [TOTALS]],
  ["an event is skipped", "UPDATE deliveries SET cut = cut + 1 WHERE replay IS NULL", [HOURS]],
  ["a batch is gone", "DELETE FROM delivery_batches", [BEGIN, HOURS]],
  [
    "a batch is twice",
    "INSERT INTO delivery_batches SELECT 9, delivery, after_seq, up_to_seq, only_seqs, batch_id, events, bytes, sha256, hours, attempts, next_at, error, cut_at FROM delivery_batches",
    [HOURS],
  ],
  ["a batch reaches too far", "UPDATE delivery_batches SET up_to_seq = 901", [OUTSIDE]],
  ["a batch counts wrong", "UPDATE delivery_batches SET events = events + 1", [COUNTED]],
  [
    "a batch names what is not in it",
    "UPDATE delivery_batches SET only_seqs = '[1]', events = 1, hours = '{\"1\":1}'",
    [COUNTED, HOURS],
  ],
  ["a dead letter is gone", "DELETE FROM dead_letters", [LETTERS]],
  [
    "the position is ahead of what is open",
    "UPDATE deliveries SET position = 600 WHERE replay IS NULL",
    [BEGIN, OUTSIDE],
  ],
  ["the position is behind the start", "UPDATE deliveries SET start = 600 WHERE replay IS NULL", [ORDER, HOURS]],
  ["a replay goes beyond its end", 'UPDATE deliveries SET "end" = -1 WHERE replay IS NOT NULL', [ORDER]],
])("%s", async (_, sql, expected) => {
  const { violations } = await said(sql);

  expect(violations.map(({ what }) => what)).toEqual(expected);
  for (const { examples } of violations) expect(examples[0]).toContain(`dest_soc, ${collectorId}`);
});

test("one that was ended goes on with sums that add up, although events were removed meanwhile", async () => {
  const dataDir = join(work, "ended");
  cpSync(sound, dataDir, { recursive: true });
  const store = await openSqliteStore(dataDir);
  await store.deliveries.openDeliveries("dest_soc", [], "start");
  expect(await store.erase([1_050], now.toISOString())).toBe(1);
  await store.deliveries.openDeliveries("dest_soc", [collectorId], "start");
  await store.close();
  const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true });
  const outcome = await deliveriesCheck.run({ db } as never);
  db.close();

  expect(outcome.violations).toEqual([]);
});
