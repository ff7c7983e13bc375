// What must hold after all the kills.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSearchFollower } from "../src/search/follower.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { faultsOfStore } from "./check-store.ts";
import { compare } from "./conservation.ts";
import type { KillScene } from "./kill.ts";
import type { Faults } from "./part.ts";
import { startProduct } from "./product.ts";

const DAY_MS = 86_400_000;

const sources = [
  { name: "keep", dataSource: "conversations", upstreamType: "CONVERSATION_MESSAGE" },
  { name: "keep", dataSource: "auth-log", upstreamType: "AUTH_LOG" },
  { name: "short", dataSource: "audit-log", upstreamType: "AUDIT_LOG" },
] as const;

/**
 * The store's promises, what was published against what is stored, the product's own doctor, and the index. `keptDays`: how much
 * the collector that removes keeps.
 */
export async function checkAll({ dataDir, faults, cleanUp, sandbox }: KillScene, keptDays: number) {
  const path = join(dataDir, "cistern.db");
  faults.add(...faultsOfStore(path));
  faults.expect(existsSync(join(dataDir, "search.db")), "there is no search index");
  const compared = sources.map(({ name, dataSource, upstreamType }) => {
    const keptFrom = name === "short" ? { keptFrom: new Date(Date.now() - keptDays * DAY_MS) } : {};
    const collectorId = collectorOf(path, dataSource);
    return { dataSource, ...compare(sandbox, { dataDir, collectorId, dataSource, upstreamType, ...keptFrom }, faults) };
  });
  const doctor = startProduct(["doctor", "--full", "--data-dir", dataDir], {}, cleanUp);
  faults.expect((await doctor.ended) === 0, `cistern doctor found something: ${doctor.said()}`);
  return { sources: compared, indexed: await indexed(dataDir, faults) };
}

function collectorOf(path: string, dataSource: string): string {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return String(db.prepare("SELECT collector_id AS id FROM sources WHERE data_source = ?").get(dataSource)?.id);
  } finally {
    db.close();
  }
}

/** The index is brought up to the log as the product does it; then each event stands in it once. */
async function indexed(dataDir: string, faults: Faults): Promise<number> {
  const reader = openSqliteReader(dataDir);
  const follower = openSearchFollower(dataDir, reader);
  while ((await follower.step()) > 0);
  await follower.close();
  await reader.close();
  const db = new DatabaseSync(join(dataDir, "search.db"));
  try {
    db.prepare("ATTACH ? AS log").run(join(dataDir, "cistern.db"));
    const current = db.prepare("SELECT value FROM meta WHERE name = 'current'").get()?.value;
    const count = (sql: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n);
    const missing = count(`log.events WHERE seq NOT IN (SELECT seq FROM docs_${current})`);
    const doubled = count(`(SELECT 1 FROM docs_${current} GROUP BY seq HAVING count(*) > 1)`);
    faults.expect(missing === 0, `${missing} events are not in the search index`);
    faults.expect(doubled === 0, `${doubled} events stand in the search index twice`);
    return count(`docs_${current}`);
  } finally {
    db.close();
  }
}

/** The highest position of the log that was given to an event. */
export function lastPosition(dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true, timeout: 5_000 });
  try {
    return Number(db.prepare("SELECT max(last_seq) AS last FROM sources").get()?.last ?? 0);
  } finally {
    db.close();
  }
}
