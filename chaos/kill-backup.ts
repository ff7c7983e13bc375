// `cistern backup` killed on its way: what stands under the backup's name is whole or not there, and a whole one can be restored.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { count, type KillScene } from "./kill.ts";
import { backupPoints, type PointName } from "./points.ts";
import { startProduct } from "./product.ts";

/** Kills `hits` backups at each point, over an older backup in every second case; then makes one and restores it. */
export async function killBackups(scene: KillScene, hits: number): Promise<{ readonly events: number }> {
  const { folder, dataDir, faults, cleanUp } = scene;
  const out = join(folder, "a.backup");
  const backUp = ["backup", "--force", "--data-dir", dataDir, "--out", out];
  for (let turn = 0; turn < hits; turn++) {
    const before = fingerprint(out);
    for (const point of Object.keys(backupPoints) as PointName[]) {
      const failpoint = { point, passing: 1, signal: "SIGKILL", report: join(folder, "report") } as const;
      const process = startProduct(backUp, { failpoint }, cleanUp);
      await process.ended;
      count(scene, failpoint, process);
      faults.expect(fingerprint(out) === before, `a backup killed at ${point} left something under its name`);
    }
    const whole = startProduct(backUp, {}, cleanUp);
    faults.expect((await whole.ended) === 0, `a backup after killed ones failed: ${whole.said()}`);
  }
  const restored = join(folder, "restored");
  const restore = startProduct(["restore", out, "--data-dir", restored], {}, cleanUp);
  faults.expect((await restore.ended) === 0, `the restore failed: ${restore.said()}`);
  const [was, is] = [dataDir, restored].map((path) => contentOf(join(path, "cistern.db")));
  faults.expect(was?.digest === is?.digest, "what was restored is not what was backed up");
  return { events: is?.events ?? 0 };
}

const fingerprint = (path: string) =>
  existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;

/** Every event with its position, as one hash. */
export function contentOf(path: string): { readonly digest: string; readonly events: number } {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const digest = createHash("sha256");
    let events = 0;
    const rows = db.prepare("SELECT seq, event_id, raw FROM events ORDER BY seq").iterate();
    for (const { seq, event_id, raw } of rows) {
      digest.update(`${String(seq)} ${String(event_id)} `).update(raw as Uint8Array);
      events += 1;
    }
    return { digest: digest.digest("hex"), events };
  } finally {
    db.close();
  }
}
