// A start that upgrades the database killed on its way: the next start upgrades it, with everything that was in it, and the
// copy that was made before is whole.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { openForWriting } from "../src/store/sqlite/connection.ts";
import { currentSchema, schemaVersion } from "../src/store/sqlite/migrate.ts";
import { count, type KillScene } from "./kill.ts";
import { contentOf } from "./kill-backup.ts";
import { migrationPoints, type PointName } from "./points.ts";
import { startProduct } from "./product.ts";

const OLD_SCHEMA = new URL("../src/store/sqlite/fixtures/schema-1.sql", import.meta.url);
/** So that the copy takes several steps. */
const EVENTS = 2_500;
const EVENT_BYTES = 6_000;

/** Kills the upgrade of a new old database `hits` times at each point, then lets it through. Returns how many were upgraded. */
export async function killUpgrades(scene: KillScene, hits: number): Promise<number> {
  const { folder, faults, cleanUp } = scene;
  let upgraded = 0;
  for (; upgraded < hits; upgraded++) {
    const dataDir = join(folder, `old-${upgraded}`);
    const path = join(dataDir, "cistern.db");
    mkdirSync(dataDir, { mode: 0o700 });
    writeOldStore(path);
    const before = contentOf(path);
    const serve = ["serve", "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
    for (const point of Object.keys(migrationPoints) as PointName[]) {
      const failpoint = { point, passing: 1, signal: "SIGKILL", report: join(folder, "report") } as const;
      const process = startProduct(serve, { failpoint }, cleanUp);
      await process.ended;
      count(scene, failpoint, process);
      faults.expect(versionOf(path) === 1, `a start killed at ${point} left half an upgrade`);
    }
    const process = startProduct(serve, {}, cleanUp);
    while (!process.said().includes("listens on") && !process.hasEnded) await sleep(50);
    process.child.kill("SIGTERM");
    await process.ended;
    faults.expect(versionOf(path) === currentSchema(), `the store was not upgraded: ${process.said().slice(-1_500)}`);
    faults.expect(contentOf(path).digest === before.digest, "the upgrade changed what is stored");
    const copy = join(dataDir, "backups", "before-2.db");
    faults.expect(versionOf(copy) === 1, "the copy made before the upgrade is not the old store");
    faults.expect(contentOf(copy).digest === before.digest, "the copy made before the upgrade is not whole");
  }
  return upgraded;
}

function writeOldStore(path: string): void {
  const db = openForWriting(path);
  db.exec(readFileSync(OLD_SCHEMA, "utf8"));
  const insert = db.prepare(
    `INSERT INTO events (source, time_key, event_id, content_hash, file, line, type, flags, time, raw)
     VALUES (1, ?, ?, randomblob(32), 1, 1, 1, 0, '', randomblob(${EVENT_BYTES}))`,
  );
  db.exec("BEGIN");
  for (let i = 1; i <= EVENTS; i++) insert.run(i, `more-${i}`);
  db.exec("COMMIT");
  db.close();
}

function versionOf(path: string): number {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    return schemaVersion(db);
  } finally {
    db.close();
  }
}
