import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openControl } from "../src/control/open-control.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { aLine, collect, type Line, minute } from "../src/testing/store-contract/fixture.ts";

const FILES = 12;
const LINES = 15;

/** A small data folder as a server leaves it: two data sources, duplicates, conflicts, a line set aside, a file without events. */
export async function writeSoundStore(dataDir: string): Promise<void> {
  const path = join(dataDir, "control.db");
  openControl({ path, secretKeyPath: join(dataDir, "secret.key"), now: () => new Date(), randomBytes }).control.close();
  const store = await openSqliteStore(dataDir);
  const lease = await store.lease("col_a", ["conversations", "audit-log"]);
  for (let file = 0; file < FILES; file++) {
    const key = { collectorId: "col_a", dataSource: file % 3 === 0 ? "audit-log" : "conversations" };
    const stamp = { siteName: file < 6 ? "hq" : "lab", siteId: undefined, timezone: "UTC" };
    await collect(store, lease, { id: `f${file}`, end: file, key }, linesOf(file), { verified: false, stamp });
  }
  const scan = { kind: "poll", cursor: minute(8), scannedTo: minute(60), at: minute(60) } as const;
  await store.finishScan(lease, { collectorId: "col_a", dataSource: "conversations" }, scan, 0);
  await store.close();
  // One file, to be copied as one.
  const db = new DatabaseSync(join(dataDir, "cistern.db"));
  db.exec("PRAGMA journal_mode = DELETE");
  db.close();
}

function linesOf(file: number): readonly Line[] {
  if (file === 4) return [];
  const lines = Array.from({ length: LINES }, (_, line): Line => {
    const type = line % 5 === 0 ? "RARE" : "CONVERSATION_MESSAGE";
    return { ...aLine(`e${file}-${line}`, file + line, `the text of ${file}-${line}`), type };
  });
  if (file % 4 === 1) lines.push(aLine("twin", 3), aLine("twin", 3, "other"), { raw: "}", unreadable: "not JSON" });
  return lines;
}
