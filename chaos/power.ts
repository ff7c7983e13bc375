// The power fails at any moment: what a disk can then hold of a database and its write-ahead log is made from a recorded run,
// and opened by the product's own store. What was acknowledged is there, what was under way is there whole or not at all.
import { join } from "node:path";
import type { Store } from "../src/model/store.ts";
import { type Random, randomOf } from "../src/sandbox/random.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { faultsOfStore, stateOf } from "./check-store.ts";
import {
  committedLength,
  DATABASE,
  type DatabaseFiles,
  generationOf,
  readFiles,
  tornBetween,
  tornHeader,
  withGarbage,
  writeFiles,
} from "./database-files.ts";
import { engineOn, planFor } from "./engine.ts";
import { tempFolder } from "./files.ts";
import { CleanUp, Faults, type Outcome, type PartOptions } from "./part.ts";

const STEP_MS = 3 * 3_600_000;
/** After so many more tell nothing new. */
const MOST_FAULTS = 20;
/** Most cuts of one write; where the log begins anew or is copied into the database there are few chances. */
const CUTS_OF_A_WRITE = 2;
const CUTS_OF_A_RARE_WRITE = 40;

const writes: readonly (keyof Store)[] = [
  "lease",
  "recordListing",
  "finishScan",
  "recordError",
  "recordUpstreamNewest",
  "commitFile",
  "failFile",
  "expireFile",
  "recordGap",
  "removeExpired",
];

/** `count` cuts through the writes of an engine that collects and removes. */
export async function power({ seed, count, note }: PartOptions): Promise<Outcome> {
  const cleanUp = new CleanUp();
  const faults = new Faults();
  try {
    const folder = tempFolder(cleanUp);
    const sandbox = await startSandbox({ ...upstream, seed });
    cleanUp.add(() => sandbox.close());
    const dataDir = join(folder, "data");
    const store = await openSqliteStore(dataDir);
    cleanUp.add(() => store.close());
    const recorder = new Recorder({
      dataDir,
      cutDir: join(folder, "cut"),
      count,
      faults,
      random: randomOf("power", seed),
    });
    const started = performance.now();
    for (let cycle = 0; recorder.cuts < count && faults.count < MOST_FAULTS; cycle++) {
      const { engine, stop } = engineOn(recorder.recorded(store), sandbox);
      await engine.apply([planFor(sandbox, { dataSources: ["conversations", "audit-log"], retentionDays: 1 })]);
      await Promise.race([engine.caughtUp(), recorder.done]);
      faults.add(...(await stop()));
      sandbox.advance(STEP_MS);
      if (cycle % 5 === 4) note(`${recorder.cuts} cuts, ${faults.count} faults`);
    }
    const seconds = Math.round((performance.now() - started) / 1_000);
    return { figures: { ...recorder.figures(), seconds }, faults: faults.list() };
  } finally {
    await cleanUp.run();
  }
}

const upstream = {
  port: 0,
  days: 1,
  people: 30,
  eventsPerDay: 9_000,
  live: false,
  ratePerMinute: 0,
  startAt: "2026-11-18T06:00:00Z",
  quirks: { surplusDuplicates: 0.05, truncatedBodies: 0.05, agedOutBetween: 0.01, auditOwnRequests: false },
} as const;

/** An acknowledged write: up to where its log was synced, and what the store then held. */
interface Acknowledged {
  readonly length: number;
  readonly state: string;
}

interface Cut {
  readonly kind: string;
  readonly files: DatabaseFiles;
  /** What the store may hold afterwards. */
  readonly states: readonly string[];
}

interface RecorderOptions {
  readonly dataDir: string;
  readonly cutDir: string;
  readonly count: number;
  readonly faults: Faults;
  readonly random: Random;
}

/** Watches a store's files before and after each write, and cuts the power in between. */
class Recorder {
  readonly #options: RecorderOptions;
  readonly #byKind = new Map<string, number>();
  #files: ReturnType<typeof readFiles> | undefined;
  /** Of this generation of the log, from the oldest that is not in the database alone. */
  #history: Acknowledged[] = [];
  #state: string | undefined;
  #writes = 0;
  #wholeInFlight = 0;
  readonly #done = Promise.withResolvers<void>();
  cuts = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Resolves when there were enough cuts. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  figures() {
    const kinds = Object.fromEntries([...this.#byKind].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { cuts: this.cuts, kinds, writes: this.#writes, writesUnderWayFoundWhole: this.#wholeInFlight };
  }

  /** The same store, each of its writes recorded. A call does all its work before it returns its promise. */
  recorded(store: Store): Store {
    const pending: Promise<void>[] = [];
    return new Proxy(store, {
      get: (target, name) => {
        const own: unknown = Reflect.get(target, name, target);
        if (typeof own !== "function") return own;
        if (!writes.includes(name as keyof Store)) return own.bind(target);
        return async (...args: unknown[]) => {
          // One at a time: the cuts of a write are tried before the next one begins.
          while (pending.length > 0) await pending[0];
          const turn = Promise.withResolvers<void>();
          pending.push(turn.promise);
          try {
            return await this.#record(() => own.apply(target, args) as Promise<unknown>);
          } finally {
            pending.shift();
            turn.resolve();
          }
        };
      },
    });
  }

  async #record(write: () => Promise<unknown>): Promise<unknown> {
    const { dataDir, random, count } = this.#options;
    if (this.cuts >= count) return await write();
    const before = readFiles(dataDir, this.#files);
    const state = this.#state ?? stateOf(join(dataDir, DATABASE));
    const result = await write();
    const after = readFiles(dataDir, before);
    this.#files = after;
    this.#writes += 1;
    const acknowledged = { length: committedLength(after.wal), state: stateOf(join(dataDir, DATABASE)) };
    this.#state = acknowledged.state;
    const { cuts, rare } = this.#cutsOf(before, after, state, acknowledged);
    this.#remember(before, after, acknowledged);
    const most = Math.min(rare ? CUTS_OF_A_RARE_WRITE : CUTS_OF_A_WRITE, count - this.cuts);
    for (let i = 0; i < most; i++) await this.#try(random.pick(cuts)());
    if (this.cuts >= count) this.#done.resolve();
    return result;
  }

  #remember(before: DatabaseFiles, after: DatabaseFiles, acknowledged: Acknowledged): void {
    const copied = before.db !== after.db;
    if (copied || generationOf(before.wal) !== generationOf(after.wal)) this.#history = [];
    this.#history.push(acknowledged);
  }

  #cutsOf(before: DatabaseFiles, after: DatabaseFiles, state: string, acknowledged: Acknowledged) {
    const { random } = this.#options;
    const { db, wal } = after;
    const { length } = acknowledged;
    const tail = (): Cut => ({
      kind: "noise behind the log",
      files: { db, wal: withGarbage(wal, length, random) },
      states: [acknowledged.state],
    });
    if (before.db !== after.db) {
      const torn = (): Cut => ({
        kind: "torn database pages while the log is copied into it",
        files: { db: tornBetween(before.db, db, 0, random), wal },
        states: [acknowledged.state],
      });
      return { cuts: [torn], rare: true };
    }
    if (generationOf(before.wal) !== generationOf(wal)) {
      const header = (): Cut => ({
        kind: "torn header of a new log",
        files: { db, wal: tornHeader(before.wal, wal, random) },
        states: [state],
      });
      const frames = (): Cut => ({
        kind: "torn frames of a new log",
        files: { db, wal: tornBetween(before.wal, wal, 32, random) },
        states: [state, acknowledged.state],
      });
      return { cuts: [header, frames], rare: true };
    }
    const torn = (): Cut => ({
      kind: "torn frames under way",
      files: { db, wal: tornBetween(before.wal, wal, committedLength(before.wal), random) },
      states: [state, acknowledged.state],
    });
    return { cuts: [torn, torn, tail, () => this.#truncated(after, acknowledged)], rare: false };
  }

  /** The log ends at any byte that was not yet copied into the database: what was synced up to there is there, no more. */
  #truncated({ db, wal }: DatabaseFiles, newest: Acknowledged): Cut {
    const { random } = this.#options;
    const known = [...this.#history, newest];
    const at = random.between(known[0]!.length, newest.length);
    const last = known.findLast(({ length }) => length <= at)!;
    return { kind: "log ends at any byte", files: { db, wal: wal.subarray(0, at) }, states: [last.state] };
  }

  async #try({ kind, files, states }: Cut): Promise<void> {
    const { cutDir, faults } = this.#options;
    this.cuts += 1;
    this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
    writeFiles(cutDir, files);
    try {
      const store = await openSqliteStore(cutDir);
      const found = stateOf(join(cutDir, DATABASE));
      faults.expect(states.includes(found), `${kind}: what was acknowledged is not what is there`);
      if (new Set(states).size > 1 && found === states.at(-1)) this.#wholeInFlight += 1;
      faults.add(...faultsOfStore(join(cutDir, DATABASE)).map((fault) => `${kind}: ${fault}`));
      await store.close();
    } catch (error) {
      faults.add(`${kind}: ${String(error)}`);
    }
  }
}
