import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALLOWANCE_MS, aScan, KEY, minute } from "../../testing/store-contract/fixture.ts";
import { openForWriting } from "./connection.ts";
import { openSqliteStore } from "./store.ts";

test("the database itself refuses a cursor that moves back without a rewind, or elsewhere than the rewind says", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "cistern-rewinds-"));
  const store = await openSqliteStore(dataDir);
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  await store.finishScan(lease, KEY, aScan({ cursor: minute(50) }), ALLOWANCE_MS);
  const db = openForWriting(join(dataDir, "cistern.db"));
  const move = (us: number | null) => () => db.prepare("UPDATE sources SET cursor_us = ?").run(us);

  expect(move(0)).toThrow("the cursor would move back");
  await store.requestRewind(KEY, { to: minute(5), again: [], after: undefined, by: "ada", at: minute(70) });
  expect(move(0)).toThrow("the cursor would move back");
  expect(move(null)).toThrow("the cursor would move back");
  await store.applyRewind(lease, KEY, minute(71));
  expect(move(0)).toThrow("the cursor would move back");

  expect((await store.state(KEY)).cursor).toBe(minute(5));
  db.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});
