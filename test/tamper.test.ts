import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSoundStore } from "../chaos/sound-store.ts";
import { tamper } from "../chaos/tamper.ts";

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-tamper-"));
  await writeSoundStore(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

// Three of each kind; npm run chaos:tamper makes a thousand.
test("whatever is changed in the log or the ledger behind the program's back, doctor notices", async () => {
  const trials = await tamper(folder, { folder, seed: 7, count: 51 });

  expect(new Set(trials.map(({ kind }) => kind)).size).toBe(17);
  expect(trials.filter(({ found }) => found.length === 0)).toEqual([]);
}, 60_000);
