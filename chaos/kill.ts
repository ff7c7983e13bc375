// The product's own process killed with SIGKILL, at random moments and at named ones, while it collects, removes, indexes,
// upgrades and is backed up. Afterwards the store holds what upstream published: nothing lost, nothing doubled, bytes equal.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { tempFolder } from "./files.ts";
import { killBackups } from "./kill-backup.ts";
import { checkAll, lastPosition } from "./kill-checks.ts";
import { killUpgrades } from "./kill-upgrade.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";
import { backupPoints, collectingPoints, migrationPoints, type PointName, retentionPoints } from "./points.ts";
import { type Failpoint, type ProductProcess, reached, startProduct, writeConfiguration } from "./product.ts";

/** Each named point is to be hit so often. */
const HITS = 3;
/** A point that is not reached in this time is not on the way now; the process is killed all the same. */
const PATIENCE_MS = 10_000;
const LONGEST_RANDOM_MS = 2_500;
const ADVANCE_MS = 20 * 60_000;
/** Of history; the collector that removes keeps it all until its turn to remove comes. */
const DAYS = 4;
const CATCH_UP_MS = 300_000;

/** A workspace that keeps publishing and is not always well. */
const upstream = {
  port: 0,
  people: 30,
  eventsPerDay: 6_000,
  live: false,
  ratePerMinute: 0,
  quirks: {
    surplusDuplicates: 0.05,
    conflictingContent: 0.02,
    lateEvents: 0.05,
    lateFiles: 0.1,
    tiedEndTimes: 0.2,
    hostileText: 0.02,
    truncatedBodies: 0.04,
    resetConnections: 0.01,
    auditOwnRequests: false,
  },
} as const;

/** What a kill was: the named point that it hit, or `random`. */
export type Hits = Map<PointName | "random", number>;

export interface KillScene {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  readonly config: string;
  readonly random: Random;
  readonly hits: Hits;
  readonly faults: Faults;
  readonly cleanUp: CleanUp;
}

/** `count` kills; each named point is hit three times where there are kills enough, otherwise as many as go round. */
export async function kill({ seed, count: kills, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const folder = tempFolder(cleanUp);
    const sandbox = await startSandbox({ ...upstream, days: kills >= NAMED ? DAYS : 0.5, seed });
    cleanUp.add(() => sandbox.close());
    const scene: KillScene = {
      folder,
      sandbox,
      dataDir: join(folder, "data"),
      config: configuration(folder, sandbox, DAYS),
      random: randomOf("chaos-kill", seed),
      hits: new Map(),
      faults,
      cleanUp,
    };
    const started = performance.now();
    await killCollecting(scene, kills >= NAMED ? kills - OUTSIDE : kills, note);
    await catchUp(scene);
    const more = kills >= NAMED ? await killTheRest(scene, note) : {};
    const compared = await checkAll(scene, DAYS - HITS);
    const hits = Object.fromEntries([...scene.hits].sort(([a], [b]) => (a < b ? -1 : 1)));
    const seconds = Math.round((performance.now() - started) / 1_000);
    return { figures: { kills: total(scene.hits), hits, ...more, compared, seconds }, faults: faults.list() };
  } finally {
    await cleanUp.run();
  }
}

const namesOf = (points: object) => Object.keys(points) as PointName[];
const outside = [...namesOf(retentionPoints), ...namesOf(backupPoints), ...namesOf(migrationPoints)];
const OUTSIDE = outside.length * HITS;
const NAMED = OUTSIDE + namesOf(collectingPoints).length * HITS;
const total = (hits: Hits) => [...hits.values()].reduce((sum, times) => sum + times, 0);

const configuration = (folder: string, sandbox: Sandbox, retentionDays: number): string =>
  writeConfiguration(folder, sandbox, [
    { name: "keep", dataSources: ["conversations", "auth-log"] },
    { name: "short", dataSources: ["audit-log"], retention: `${retentionDays}d` },
  ]);

async function killTheRest(scene: KillScene, note: PartOptions["note"]) {
  await killRetention(scene);
  await catchUp(scene);
  note("backups");
  const restored = await killBackups(scene, HITS);
  note("upgrades");
  const upgrades = await killUpgrades(scene, HITS);
  for (const name of [...namesOf(collectingPoints), ...outside]) {
    const times = scene.hits.get(name) ?? 0;
    scene.faults.expect(times >= HITS, `${name} was hit ${times} times`);
  }
  return { restored, upgrades };
}

async function killCollecting(scene: KillScene, kills: number, note: PartOptions["note"]): Promise<void> {
  const { random, hits, faults, sandbox } = scene;
  const wanted = planOf(kills, random);
  let highest = 0;
  for (let round = 1; total(hits) < kills || (wanted.length > 0 && round < kills * 1.2); round++) {
    sandbox.advance(ADVANCE_MS);
    const point = wanted.shift();
    const hit = await killOnce(scene, point, point === undefined ? 1 : random.between(1, MOST_PASSINGS[point] ?? 2));
    // Not on the way this time: it comes again at the end.
    if (point !== undefined && hit === "random") wanted.push(point);
    if (round % 20 !== 0) continue;
    note(`${total(hits)} kills, ${faults.count} faults`);
    const last = lastPosition(scene.dataDir);
    faults.expect(last >= highest, `the log went back from ${highest} to ${last}`);
    highest = last;
  }
}

/** Points that are passed once in a round, and those that are passed often. */
const MOST_PASSINGS: Partial<Record<PointName, number>> = {
  "commit-between-inserts": 25,
  "scan-end-before": 3,
  "index-batch": 1,
  "index-before-commit": 1,
  "index-committed": 1,
  "failure-noted": 1,
};

/** The named points, kills at random moments among them; with few kills, as many points as there are kills. */
function planOf(kills: number, random: Random): (PointName | undefined)[] {
  const named = Array.from({ length: HITS }, () => namesOf(collectingPoints)).flat();
  const plan = Array.from({ length: Math.max(kills, named.length) }, (_, i) => named[i]);
  for (let i = plan.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    [plan[i], plan[j]] = [plan[j], plan[i]];
  }
  return plan.slice(0, kills);
}

/** Each step keeps a day less, so that there is something to remove. */
async function killRetention(scene: KillScene): Promise<void> {
  for (let days = DAYS - 1; days >= DAYS - HITS; days--) {
    configuration(scene.folder, scene.sandbox, days);
    for (const point of namesOf(retentionPoints)) await killOnce(scene, point, 1);
  }
}

async function killOnce(
  scene: KillScene,
  point: PointName | undefined,
  passing: number,
): Promise<PointName | "random"> {
  const { folder, random, hits } = scene;
  const failpoint: Failpoint | undefined = point && {
    point,
    passing,
    signal: "SIGKILL",
    report: join(folder, "report"),
  };
  const process = serve(scene, failpoint);
  const waitMs = point === undefined ? random.between(50, LONGEST_RANDOM_MS) : PATIENCE_MS;
  const over = new AbortController();
  await Promise.race([process.ended, sleep(waitMs, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
  const hit = failpoint !== undefined && reached(failpoint) ? failpoint.point : "random";
  if (hit === "random") await killedFromOutside(scene, process);
  await process.ended;
  hits.set(hit, (hits.get(hit) ?? 0) + 1);
  return hit;
}

async function killedFromOutside({ faults }: KillScene, process: ProductProcess): Promise<void> {
  if (process.hasEnded) faults.add(`the server ended on its own: ${process.said().slice(-1_500)}`);
  await process.kill();
}

/** Counts a kill at a named point that must have been reached. */
export function count({ hits, faults }: KillScene, failpoint: Failpoint, process: ProductProcess): void {
  const { point } = failpoint;
  if (reached(failpoint)) hits.set(point, (hits.get(point) ?? 0) + 1);
  else faults.add(`${point} was not reached: ${process.said().slice(-1_500)}`);
}

function serve({ config, dataDir, cleanUp }: KillScene, failpoint: Failpoint | undefined): ProductProcess {
  const args = ["serve", "--config", config, "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
  return startProduct(args, { failpoint }, cleanUp);
}

/** A last run that nobody disturbs. */
async function catchUp({ config, dataDir, faults, cleanUp }: KillScene): Promise<void> {
  const args = ["run", "--until-caught-up", "--config", config, "--data-dir", dataDir];
  const process = startProduct(args, {}, cleanUp);
  const over = new AbortController();
  const late = sleep(CATCH_UP_MS, "late" as const, { signal: over.signal }).catch(() => "late" as const);
  const code = await Promise.race([process.ended, late]);
  over.abort();
  faults.expect(code === 0, `the last run ended with ${code}: ${process.said().slice(-1_500)}`);
  if (code === "late") await process.kill();
}
