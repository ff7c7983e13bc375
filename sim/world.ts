// One seed, lived through: the product's engine and SQLite store in this thread, with simulated time, network and deaths.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../src/engine/engine.ts";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { openSqliteStore, type SqliteStore } from "../src/store/sqlite/store.ts";
import { SimulatedCrash, watched } from "./crash.ts";
import { Oracle } from "./oracle.ts";
import { type Incident, type Plan, planOf } from "./plan.ts";
import { collectorPlan, makeEngine } from "./product.ts";
import { type Published, publish } from "./published.ts";
import { type Life, Scheduler } from "./scheduler.ts";
import type { Switch } from "./switches.ts";
import { SimulatedUpstream } from "./upstream.ts";

const HOUR_MS = 3_600_000;
/** As of SQLite: the disk is full. */
const SQLITE_FULL = 13;

export interface Verdict {
  readonly seed: number;
  readonly on: readonly Switch[];
  readonly violations: readonly string[];
  readonly events: number;
  readonly files: number;
  readonly stored: number;
  readonly crashes: number;
  readonly requests: number;
  readonly fired: ReadonlyMap<Switch, number>;
  /** SHA-256 over everything that happened, in order. */
  readonly traceHash: string;
}

export interface RunOptions {
  readonly trace?: ((line: string) => void) | undefined;
}

interface Alive extends Life {
  store: SqliteStore | undefined;
  engine: Engine | undefined;
  /** Counts down to the death that is planned; undefined: none is. */
  awaits: number | undefined;
  statements: number | undefined;
  /** What stood in the store when this life, replaced already, began a transaction. */
  before: string | undefined;
}

/** Lives through a seed with these hazards and says what was violated: nothing, if all is well. */
export async function live(seed: number, on: ReadonlySet<Switch>, options: RunOptions = {}): Promise<Verdict> {
  const world = new World(planOf(seed, on), options);
  try {
    return await world.run();
  } finally {
    await world.close();
  }
}

/** Memory where the system offers it: nothing here is about the disk. */
const ground = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

class World {
  readonly #plan: Plan;
  readonly #published: Published;
  readonly #scheduler: Scheduler;
  readonly #upstream: SimulatedUpstream;
  readonly #oracle: Oracle;
  readonly #dataDir = mkdtempSync(join(ground, "cistern-sim-"));
  readonly #fired = new Map<Switch, number>();
  readonly #hash = createHash("sha256");
  readonly #trace: ((line: string) => void) | undefined;
  readonly #random: Random;
  readonly #skews: readonly { readonly atMs: number; readonly ms: number }[];
  readonly #full: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** Whether the disk shows that it fills up, or just refuses. */
  readonly #foreseen: boolean;
  #life: Alive | undefined;
  #zombies: Alive[] = [];
  #dying: { readonly life: Alive; readonly incident: Incident } | undefined;
  #armed: Incident | undefined;
  #lives = 0;
  #crashes = 0;
  #snapshot: string | undefined;

  constructor(plan: Plan, { trace }: RunOptions) {
    const { seed, on, startMs, calmMs, overlapMs } = plan;
    this.#plan = plan;
    this.#trace = trace;
    this.#published = publish({ seed, on, startMs, endMs: startMs + 7 * 24 * HOUR_MS, overlapMs });
    for (const [name, count] of this.#published.fired) this.#fired.set(name, count);
    this.#random = randomOf(seed, "engine");
    this.#scheduler = new Scheduler(startMs, randomOf(seed, "order"));
    this.#scheduler.beforeEach = (life) => this.#step(life as Alive);
    this.#scheduler.onQuiet = () => this.#bury();
    const fired = (name: Switch) => void this.#fired.set(name, (this.#fired.get(name) ?? 0) + 1);
    const world = { seed, on, published: this.#published, scheduler: this.#scheduler, calmMs, overlapMs, fired };
    this.#upstream = new SimulatedUpstream({ ...world, trace: (text) => this.#note(text) }, startMs);
    this.#oracle = new Oracle(plan, this.#published, this.#upstream);
    this.#skews = skewsOf(plan);
    const random = randomOf(seed, "full");
    const fromMs = startMs + random.fraction() * 6 * 24 * HOUR_MS;
    this.#foreseen = random.chance(0.5);
    this.#full = on.has("diskFull") ? { fromMs, toMs: fromMs + random.between(1, 30) * HOUR_MS } : undefined;
  }

  async run(): Promise<Verdict> {
    const { plan, stop } = { plan: this.#plan, stop: this.#plan.endMs };
    for (const incident of plan.incidents)
      this.#scheduler.after(incident.atMs - plan.startMs, undefined, () => this.#arm(incident));
    this.#erasures();
    this.#scheduler.after(0, undefined, () => this.#begin());
    await this.#scheduler.runUntil(stop);
    if (this.#life === undefined) this.#oracle.violation(stop, "no life at the end");
    else this.#oracle.atEnd(stop);
    const stored = this.#life === undefined ? 0 : this.#oracle.some(1_000_000).length;
    this.#note(`stored ${stored}`);
    return {
      seed: plan.seed,
      on: [...plan.on],
      violations: this.#oracle.violations,
      events: this.#published.events,
      files: this.#published.files.length,
      stored,
      crashes: this.#crashes,
      requests: this.#upstream.requests,
      fired: this.#fired,
      traceHash: this.#hash.digest("hex"),
    };
  }

  async close(): Promise<void> {
    this.#oracle.detach();
    for (const life of [this.#life, ...this.#zombies]) if (life) await this.#end(life);
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  #note(text: string): void {
    const line = `${new Date(this.#scheduler.now).toISOString()} ${text}`;
    this.#hash.update(line);
    this.#trace?.(line);
  }

  #fire(name: Switch): void {
    this.#fired.set(name, (this.#fired.get(name) ?? 0) + 1);
  }

  // — lives —

  #begin(): void {
    const life: Alive = {
      number: ++this.#lives,
      dead: false,
      frozen: false,
      store: undefined,
      engine: undefined,
      awaits: undefined,
      statements: undefined,
      before: undefined,
    };
    this.#life = life;
    this.#note(`life ${life.number}`);
    this.#start(life).catch((error: unknown) => this.#bug(life, error));
  }

  async #start(life: Alive): Promise<void> {
    const watch = { step: (sql: string) => this.#statement(life, sql), committed: () => this.#committed(life) };
    const store = await watched(watch, () => openSqliteStore(this.#dataDir));
    life.store = store;
    this.#oracle.attach(join(this.#dataDir, "cistern.db"));
    life.engine = makeEngine({
      life,
      store,
      remembered: await store.rates(),
      scheduler: this.#scheduler,
      startMs: this.#plan.startMs,
      random: () => this.#random.fraction(),
      skewMs: () => this.#skewMs(),
      transport: this.#upstream.transport(life),
      looksFull: () => this.#isFull() && this.#foreseen,
      onBug: (error) => this.#bug(life, error),
    });
    await life.engine.apply([collectorPlan(this.#plan)]);
  }

  // — deaths —

  #arm(incident: Incident): void {
    const life = this.#life;
    if (life === undefined || this.#dying !== undefined || this.#armed !== undefined) {
      this.#scheduler.after(HOUR_MS / 2, undefined, () => this.#arm(incident));
      return;
    }
    if (incident.kind === "freeze") {
      this.#freeze(life, incident);
      return;
    }
    this.#armed = incident;
    if (incident.kind === "statement") life.statements = incident.steps;
    else life.awaits = incident.steps;
    if (incident.kind === "restore") this.#takeSnapshot();
  }

  /** Each await of a life comes by here; the one that is counted down to is its last. */
  #step(life: Alive): void {
    if (life.awaits === undefined) return;
    if (life.awaits-- > 0) return;
    this.#die(life);
  }

  #statement(life: Alive, sql: string): void {
    if (life.dead) throw new SimulatedCrash();
    if (life !== this.#life && sql.startsWith("BEGIN")) life.before = this.#oracle.fingerprint();
    if (sql.startsWith("DELETE FROM events") && this.#plan.retentionDays !== undefined) this.#fire("retention");
    if (this.#isFull() && sql.startsWith("INSERT INTO events")) throw this.#diskError();
    if (life.statements === undefined) return;
    if (life.statements-- > 0) return;
    this.#note(`dies at ${sql.slice(0, 30)}`);
    this.#fire("crashInTransaction");
    this.#die(life);
    throw new SimulatedCrash();
  }

  #die(life: Alive): void {
    life.dead = true;
    const incident = this.#armed;
    this.#armed = undefined;
    if (incident) this.#dying = { life, incident };
    this.#crashes += 1;
    if (incident?.kind === "await") this.#fire(incident.downMs > this.#plan.overlapMs ? "longOutage" : "crashes");
    if (incident && incident.downMs > 30 * 24 * HOUR_MS) this.#fire("longStop");
  }

  /** The dead life's connection is closed: what it had not committed is gone. The next life begins when the outage is over. */
  #bury(): void {
    const dying = this.#dying;
    if (dying === undefined) return;
    this.#dying = undefined;
    const { life, incident } = dying;
    this.#note(`life ${life.number} ends: ${incident.kind}, down ${incident.downMs} ms`);
    void this.#end(life);
    this.#life = undefined;
    if (incident.kind === "restore") this.#restore();
    this.#scheduler.after(incident.downMs, undefined, () => this.#begin());
  }

  async #end(life: Alive): Promise<void> {
    life.dead = true;
    await life.store?.close();
  }

  #freeze(life: Alive, incident: Incident): void {
    this.#note(`life ${life.number} is frozen`);
    this.#fire("frozenWorker");
    life.frozen = true;
    this.#zombies.push(life);
    this.#life = undefined;
    this.#scheduler.after(incident.downMs, undefined, () => this.#begin());
    this.#scheduler.after(2 * incident.downMs + HOUR_MS, undefined, () => {
      this.#note(`life ${life.number} wakes up`);
      this.#scheduler.thaw(life);
    });
    this.#scheduler.after(2 * incident.downMs + 30 * HOUR_MS, undefined, () => {
      this.#zombies = this.#zombies.filter((one) => one !== life);
      void this.#end(life);
    });
  }

  #takeSnapshot(): void {
    this.#snapshot = join(this.#dataDir, "snapshot.db");
    rmSync(this.#snapshot, { force: true });
    this.#oracle.copyTo(this.#snapshot);
  }

  #restore(): void {
    const path = join(this.#dataDir, "cistern.db");
    if (this.#snapshot === undefined || this.#zombies.length > 0) return;
    this.#oracle.detach();
    for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
    copyFileSync(this.#snapshot, path);
    this.#snapshot = undefined;
    this.#fire("restoredBackup");
    this.#note("the database is an earlier one");
    this.#oracle.rewound();
  }

  #bug(life: Alive, error: unknown): void {
    if (life.dead || error instanceof SimulatedCrash) return;
    this.#oracle.violation(
      this.#scheduler.now,
      `a bug ended the engine: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }

  #committed(life: Alive): void {
    if (life !== this.#life && life.before !== undefined && life.before !== this.#oracle.fingerprint())
      this.#oracle.violation(this.#scheduler.now, `I8 life ${life.number}, long replaced, has changed the store`);
    this.#oracle.afterCommit(this.#scheduler.now);
  }

  // — the rest of the world —

  #isFull(): boolean {
    const full = this.#full;
    return full !== undefined && this.#scheduler.now >= full.fromMs && this.#scheduler.now < full.toMs;
  }

  #diskError(): Error {
    this.#fire("diskFull");
    return Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: SQLITE_FULL });
  }

  #skewMs(): number {
    const skew = this.#skews.findLast(({ atMs }) => atMs <= this.#scheduler.now)?.ms ?? 0;
    if (skew !== 0) this.#fire("clockJumps");
    return skew;
  }

  #erasures(): void {
    const { on, seed } = this.#plan;
    if (!on.has("erasure")) return;
    for (let i = 0; i < 3; i += 1) {
      const random = randomOf(seed, "erasure", i);
      this.#scheduler.after(random.between(24, 160) * HOUR_MS, undefined, () => {
        this.#erase(random).catch((error: unknown) =>
          this.#oracle.violation(this.#scheduler.now, `erasing failed: ${String(error)}`),
        );
      });
    }
  }

  async #erase(random: Random): Promise<void> {
    const life = this.#life;
    // Restores bring back what was erased after the copy unless the command replays it, which is not the engine's.
    if (life?.store === undefined || life.dead || this.#plan.on.has("restoredBackup")) return;
    if (this.#armed?.kind === "statement") return;
    const rows = this.#oracle.some(40).filter(() => random.chance(0.2));
    this.#oracle.erased(rows);
    this.#fire("erasure");
    this.#note(`erases ${rows.length}`);
    await life.store.erase(
      rows.map(({ seq }) => seq),
      new Date(this.#scheduler.now).toISOString(),
    );
  }
}

function skewsOf({ seed, on, startMs, calmMs }: Plan): readonly { readonly atMs: number; readonly ms: number }[] {
  if (!on.has("clockJumps")) return [];
  const random = randomOf(seed, "clock");
  const jumps = Array.from({ length: 3 }, () => ({
    atMs: startMs + random.fraction() * (calmMs - startMs),
    ms: random.between(-24, 24) * HOUR_MS,
  })).sort((a, b) => a.atMs - b.atMs);
  return [...jumps, { atMs: calmMs, ms: 0 }];
}
