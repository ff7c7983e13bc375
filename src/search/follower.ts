// Follows the logs of all collectors into the index. Position and rows are one transaction, so a crash costs nothing but the
// batch in work; whatever else goes wrong, the index is built again from the log while the old one goes on answering.
import { existsSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../model/errors.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { SearchHit } from "../model/search.ts";
import {
  asStorageError,
  damageMark,
  isDamaged,
  meta,
  moveAside,
  openForWriting,
  searchPath,
  setMeta,
  transaction,
} from "./database.ts";
import {
  abandonRebuild,
  beginRebuild,
  changeOver,
  finishDropping,
  Generation,
  generationsOf,
  growingOf,
  type IndexedBatch,
  type LogReader,
} from "./generation.ts";

export interface FollowerOptions {
  /** Events indexed in one transaction at most. Default 10,000; with few there is more to merge. */
  readonly batch?: number;
  /** How often the log is looked at when there is nothing new. */
  readonly pollMs?: number;
  /** Told of errors that `run` waits out. */
  readonly onError?: (error: CollectorError) => void;
}

export interface RebuildOptions {
  readonly signal?: AbortSignal;
  /** Called after each batch: events indexed so far, and the log's positions. */
  readonly onProgress?: (progress: {
    readonly indexed: number;
    readonly seq: number;
    readonly lastSeq: number;
  }) => void;
}

/** Waits, or ends early when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface SearchFollower {
  /** Indexes the next batch of each collector. Returns how many events; 0: all that there is stands in the index. */
  step(): Promise<number>;
  /** Follows until the signal is aborted. Waits and goes on after errors that should pass; throws the others. */
  run(signal: AbortSignal, sleep: Sleep): Promise<void>;
  /** Builds the index anew beside the one that is searched, then changes over. Can be broken off; `step` then finishes it. */
  rebuild(options?: RebuildOptions): Promise<void>;
  /** Removes events from what can be found. Their words stay in the file until `purge`. Returns how many were there. */
  remove(hits: readonly SearchHit[]): Promise<number>;
  /**
   * Removes up to `limit` events of a data source before an instant, oldest first, and those without a time that the log no
   * longer has. To be called when the log has removed them. Returns how many.
   */
  removeBefore(key: DataSourceKey, beforeUs: number, limit: number): Promise<number>;
  /** Rewrites the file so that no removed word is left in it. Needs as much free disk as the index has; blocks meanwhile. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the one writer of a data dir's index. A damaged index is moved aside and built again. */
export function openSearchFollower(dataDir: string, reader: LogReader, options: FollowerOptions = {}): SearchFollower {
  return new Fts5Follower(dataDir, reader, options);
}

interface Open {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly generations: Map<number, Generation>;
  /** Whether the index was compared with the log since it was opened. */
  compared: boolean;
}

interface Followed {
  readonly indexed: number;
  readonly seq: number;
  readonly lastSeq: number;
  readonly building: boolean;
}

const pagesPerStep = 4_000;

class Fts5Follower implements SearchFollower {
  readonly #dataDir: string;
  readonly #reader: LogReader;
  readonly #batch: number;
  readonly #pollMs: number;
  readonly #onError: ((error: CollectorError) => void) | undefined;
  #open: Open | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(dataDir: string, reader: LogReader, { batch = 10_000, pollMs = 1_000, onError }: FollowerOptions) {
    this.#dataDir = dataDir;
    this.#reader = reader;
    this.#batch = batch;
    this.#pollMs = pollMs;
    this.#onError = onError;
  }

  async step(): Promise<number> {
    for (;;) {
      const { indexed, building } = await this.#guarded((open) => this.#follow(open));
      if (indexed > 0 || !building) return indexed;
    }
  }

  async run(signal: AbortSignal, sleep: Sleep): Promise<void> {
    while (!signal.aborted) {
      const indexed = await this.#stepOrNothing();
      // Also between two batches: others who call this thread wait no longer than for one.
      await sleep(indexed === 0 ? this.#pollMs : 0, signal);
    }
  }

  async rebuild({ signal, onProgress }: RebuildOptions = {}): Promise<void> {
    await this.#guarded(async ({ db }) => beginRebuild(db));
    let total = 0;
    while (signal?.aborted !== true) {
      const { indexed, seq, lastSeq, building } = await this.#guarded((open) => this.#follow(open));
      total += indexed;
      onProgress?.({ indexed: total, seq, lastSeq });
      if (!building) return;
    }
  }

  async remove(hits: readonly SearchHit[]): Promise<number> {
    return this.#guarded(async (open) => this.#change(open, ({ documents }) => documents.remove(hits)));
  }

  async removeBefore(key: DataSourceKey, beforeUs: number, limit: number): Promise<number> {
    return this.#guarded(async (open) => {
      const removed = this.#change(open, ({ documents }) => documents.removeBefore(key, beforeUs, limit));
      if (removed >= limit) return removed;
      const gone = await this.#untimedGone(open, key, limit - removed);
      return removed + this.#change(open, ({ documents }) => documents.remove(gone));
    });
  }

  // What has no time leaves the log by when it was taken in, which the index does not know: the log says what has left.
  async #untimedGone(open: Open, key: DataSourceKey, limit: number): Promise<readonly SearchHit[]> {
    const gone = new Set<number>();
    for (const number of generationsOf(open.db)) {
      for (const seq of generationAt(open, number).documents.untimed(key, limit)) {
        if ((await this.#reader.event(seq)) !== undefined) break;
        gone.add(seq);
      }
    }
    return [...gone].map((seq) => ({ seq, timeKey: 0 }));
  }

  async purge(): Promise<void> {
    await this.#guarded(async ({ db }) => {
      for (const generation of generationsOf(db)) {
        db.exec(`INSERT INTO words_${generation} (words_${generation}) VALUES ('optimize')`);
      }
      db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => this.#release());
  }

  #release(): void {
    this.#open?.db.close();
    this.#open = undefined;
  }

  // A batch waits for the log with its transaction open; nothing else may come in between.
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #stepOrNothing(): Promise<number> {
    try {
      return await this.step();
    } catch (error) {
      if (!(error instanceof CollectorError) || error.retry === "never") throw error;
      this.#onError?.(error);
      return 0;
    }
  }

  // Damage costs the index, not the process: the file is moved aside, and a new one is begun in its place.
  #guarded<T>(work: (open: Open) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#repaired(work));
  }

  async #repaired<T>(work: (open: Open) => Promise<T>): Promise<T> {
    try {
      return await work(this.#opened());
    } catch (error) {
      if (!isDamaged(error)) throw asStorageError(error);
      this.#release();
      moveAside(this.#dataDir);
      return await work(this.#opened());
    }
  }

  #opened(): Open {
    const path = searchPath(this.#dataDir);
    const damaged = existsSync(damageMark(this.#dataDir));
    if (this.#open !== undefined && !damaged && fileId(path) === this.#open.file) return this.#open;
    this.#release();
    if (damaged) moveAside(this.#dataDir);
    const db = openForWriting(this.#dataDir);
    this.#open = { db, file: fileId(path)!, generations: new Map(), compared: false };
    return this.#open;
  }

  // Both generations, so that what is removed during a rebuild stays removed.
  #change(open: Open, work: (generation: Generation) => number): number {
    return transaction(open.db, () =>
      generationsOf(open.db)
        .map((number) => work(generationAt(open, number)))
        .reduce((most, removed) => Math.max(most, removed)),
    );
  }

  async #follow(open: Open): Promise<Followed> {
    const { db } = open;
    const collectors = [...new Set((await this.#reader.dataSources()).map(({ key }) => key.collectorId))];
    if (!open.compared) await this.#compare(open, collectors);
    const growing = generationAt(open, growingOf(db));
    const steps: IndexedBatch[] = [];
    for (const collectorId of collectors) {
      const batch = await growing.indexNext(this.#reader, collectorId, this.#batch);
      if (batch === "foreign") return this.#startOver(open);
      steps.push(batch);
    }
    const indexed = steps.reduce((sum, batch) => sum + batch.indexed, 0);
    if (steps.every(({ seq, lastSeq }) => seq >= lastSeq)) settle(open, collectors, indexed === 0);
    const seq = Math.max(0, ...steps.map((batch) => batch.seq));
    const lastSeq = Math.max(0, ...steps.map((batch) => batch.lastSeq));
    return { indexed, seq, lastSeq, building: meta(db, "building") !== undefined };
  }

  async #compare(open: Open, collectors: readonly string[]): Promise<void> {
    finishDropping(open.db);
    const growing = generationAt(open, growingOf(open.db));
    for (const collectorId of collectors) {
      if (await growing.matches(this.#reader, collectorId)) continue;
      this.#startOver(open);
      break;
    }
    open.compared = true;
  }

  #startOver({ db, generations }: Open): Followed {
    abandonRebuild(db);
    generations.clear();
    beginRebuild(db);
    return { indexed: 0, seq: 0, lastSeq: 0, building: true };
  }
}

function generationAt({ db, generations }: Open, number: number): Generation {
  const known = generations.get(number);
  if (known !== undefined) return known;
  const made = new Generation(db, number);
  generations.set(number, made);
  return made;
}

// The growing generation has caught up. A collector that is gone takes its words with it: only a new generation has none of them.
function settle(open: Open, collectors: readonly string[], idle: boolean): void {
  const { db } = open;
  if (meta(db, "building") !== undefined) {
    changeOver(db);
    open.generations.clear();
  }
  const followed = generationAt(open, growingOf(db)).collectors();
  if (followed.some((collectorId) => !collectors.includes(collectorId))) beginRebuild(db);
  else if (idle) shrink(db);
}

function shrink(db: DatabaseSync): void {
  if (meta(db, "shrinking") === undefined) return;
  db.exec(`PRAGMA incremental_vacuum(${pagesPerStep})`);
  const { freelist_count: free } = db.prepare("PRAGMA freelist_count").get() as { freelist_count: number };
  if (free === 0) setMeta(db, "shrinking", undefined);
}

function fileId(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}
