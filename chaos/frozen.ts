// A process that stands still for longer than anybody waits, as in a long pause of the machine, while another one takes over;
// then it wakes up and goes on where it was. What it writes must have no effect. The data folder's lock forbids such a
// takeover: some trials prove that, all others go round it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { faultsOfStore, stateOf } from "./check-store.ts";
import { compare } from "./conservation.ts";
import { DATABASE } from "./database-files.ts";
import { tempFolder } from "./files.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";
import type { PointName } from "./points.ts";
import { type Failpoint, type ProductProcess, startProduct, writeConfiguration } from "./product.ts";

const points: readonly PointName[] = [
  "commit-before",
  "commit-before",
  "verified",
  "download-after",
  "listing-before",
  "scan-end-before",
];
const ADVANCE_MS = 3_600_000;
const PATIENCE_MS = 20_000;
/** For one that may have nothing to write when it wakes up. */
const AT_LEAST_MS = 4_000;
/** One trial in so many keeps the lock. */
const LOCKED_EVERY = 10;
/** One in so many is frozen at any moment instead of a named one. */
const ANYWHERE_EVERY = 7;

interface Scene {
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  readonly run: readonly string[];
  readonly report: string;
  readonly random: Random;
  readonly faults: Faults;
  readonly cleanUp: CleanUp;
}

/** `count` trials. */
export async function frozen({ seed, count, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const folder = tempFolder(cleanUp);
    const sandbox = await startSandbox({ ...upstream, seed });
    cleanUp.add(() => sandbox.close());
    const config = writeConfiguration(folder, sandbox, [{ name: "frozen", dataSources: ["conversations"] }]);
    const dataDir = join(folder, "data");
    const run = ["run", "--config", config, "--data-dir", dataDir];
    const report = join(folder, "report");
    const scene: Scene = { sandbox, dataDir, run, report, random: randomOf("frozen", seed), faults, cleanUp };
    const tally: Record<string, number> = {};
    await takeOver(scene);
    const started = performance.now();
    for (let trial = 1; trial <= count; trial++) {
      sandbox.advance(ADVANCE_MS);
      const what = trial % LOCKED_EVERY === 0 ? await lockHolds(scene) : await wakesUp(scene, trial);
      tally[what] = (tally[what] ?? 0) + 1;
      if (trial % 10 === 0) note(`${trial} trials, ${faults.count} faults`);
    }
    await takeOver(scene);
    const collectorId = collectorIn(dataDir);
    const what = { dataDir, collectorId, dataSource: "conversations", upstreamType: "CONVERSATION_MESSAGE" };
    faults.add(...faultsOfStore(join(dataDir, DATABASE)));
    const compared = compare(sandbox, what, faults);
    const seconds = Math.round((performance.now() - started) / 1_000);
    return { figures: { trials: count, outcomes: tally, compared, seconds }, faults: faults.list() };
  } finally {
    await cleanUp.run();
  }
}

const upstream = { port: 0, days: 1, people: 20, eventsPerDay: 4_000, live: false, ratePerMinute: 0 } as const;

/** The holder of the lock is frozen: nobody else may start, and is told who holds it. */
async function lockHolds(scene: Scene): Promise<string> {
  const holder = await freeze(scene, "commit-before", false);
  const second = startProduct([...scene.run, "--until-caught-up"], {}, scene.cleanUp);
  const code = await second.ended;
  scene.faults.expect(
    code === 1 && second.said().includes(`process ${holder.child.pid}`),
    `a second process was not kept out: ${code} ${second.said().slice(-500)}`,
  );
  await holder.kill();
  return "kept out by the lock";
}

/** Freezes one, lets another one collect everything, wakes the first one up, and compares what is stored. */
async function wakesUp(scene: Scene, trial: number): Promise<string> {
  const { dataDir, faults } = scene;
  const path = join(dataDir, DATABASE);
  const point = trial % ANYWHERE_EVERY === 0 ? undefined : scene.random.pick(points);
  const sleeper = await freeze(scene, point, true);
  // Also at a named moment of one thread another one may be writing.
  if (isWriting(path)) {
    await sleeper.kill();
    return "frozen inside a transaction: nobody can take over";
  }
  await takeOver(scene);
  const before = stateOf(path);
  const epoch = epochOf(path);
  sleeper.child.kill("SIGCONT");
  const noticed = await within(point === undefined ? AT_LEAST_MS : PATIENCE_MS, () =>
    sleeper.said().includes("another engine has taken over"),
  );
  const after = stateOf(path);
  if (point === undefined && epochOf(path) > epoch) {
    await sleeper.kill();
    return "frozen before it had a lease, and took one when it woke up";
  }
  faults.expect(before === after, `a process frozen at ${point ?? "any moment"} changed the store after it woke up`);
  // Frozen between two scans, it has nothing to write until the next one.
  faults.expect(noticed || point === undefined, `a process frozen at ${point} did not notice that it was fenced`);
  faults.expect(!sleeper.hasEnded, `the process that woke up ended: ${sleeper.said().slice(-500)}`);
  await sleeper.kill();
  if (!noticed) return "woke up with nothing to write";
  return `fenced, frozen at ${point ?? "any moment"}`;
}

async function freeze(scene: Scene, point: PointName | undefined, noLock: boolean): Promise<ProductProcess> {
  const { run, report, cleanUp, faults, random } = scene;
  const failpoint: Failpoint | undefined = point && { point, passing: 1, signal: "SIGSTOP", report };
  const process = startProduct(run, { failpoint, noLock }, cleanUp);
  if (point === undefined) {
    await within(PATIENCE_MS, () => existsSync(join(scene.dataDir, DATABASE)));
    await sleep(random.between(600, 2_500));
    process.child.kill("SIGSTOP");
  }
  const still = await within(PATIENCE_MS, () => process.hasEnded || isStopped(process.child.pid!));
  faults.expect(still && !process.hasEnded, `${point} was not reached: ${process.said().slice(-500)}`);
  return process;
}

/** Another process collects all that there is, beside whatever stands still. */
async function takeOver({ run, faults, cleanUp }: Scene): Promise<void> {
  const process = startProduct([...run, "--until-caught-up"], { noLock: true }, cleanUp);
  const code = await process.ended;
  faults.expect(code === 0, `the process that took over ended with ${code}: ${process.said().slice(-1_000)}`);
}

const isStopped = (pid: number): boolean => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

/** Whether the frozen process holds the write lock of the database. */
function isWriting(path: string): boolean {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec("BEGIN IMMEDIATE; ROLLBACK");
    return false;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== 5) throw error;
    return true;
  } finally {
    db.close();
  }
}

const collectorIn = (dataDir: string) => String(collectorRow(join(dataDir, DATABASE)).collector_id);

const epochOf = (path: string) => Number(collectorRow(path).epoch);

function collectorRow(path: string) {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare("SELECT collector_id, epoch FROM collectors").get()!;
  } finally {
    db.close();
  }
}

async function within(limitMs: number, holds: () => boolean): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
