// A real store that grows by whole files, prepared as the engine prepares them.
import { createHash } from "node:crypto";
import { statfsSync } from "node:fs";
import { connectors } from "../src/connectors/index.ts";
import { inOneGo, prepare } from "../src/engine/prepare.ts";
import type { DeliveryStore } from "../src/model/delivery.ts";
import type { FileCommit, Lease } from "../src/model/store.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { openSqliteStore, type SqliteStore } from "../src/store/sqlite/store.ts";
import { feeds, type MessagesShape, messagesFile, workspaceId } from "./messages.ts";
import { note } from "./result.ts";

const DAYS_MS = 30 * 86_400_000;
const ALLOWANCE_MS = 86_400_000;
/** What an event takes in the store beside its line: its id, hash, time and two index entries. */
const BESIDE_LINE_BYTES = 350;
const NOTE_EVERY_MS = 20_000;

/** Files of `linesPerFile` lines, so many that `events` fill thirty days. */
export const shapeFor = (events: number, linesPerFile: number, lineBytes: number): MessagesShape => ({
  linesPerFile,
  lineBytes,
  fileMs: Math.max(1, Math.floor(DAYS_MS / Math.ceil(events / linesPerFile))),
});

/** Throws where the disk of `folder` has no room for a store of so many events, and `besideBytes` each for what is built of them. */
export function checkRoom(folder: string, events: number, lineBytes: number, besideBytes = 0): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = events * (lineBytes + BESIDE_LINE_BYTES + besideBytes) * 1.1 + 2 ** 30;
  const gb = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  note(`needs about ${gb(needed)} of disk, ${gb(bavail * bsize)} are free`);
  if (bavail * bsize < needed) throw new Error(`${folder} has no room for ${events} events: ${gb(needed)} are needed`);
}

export interface CommitFigures {
  readonly events: number;
  readonly ms: number;
  readonly cpuMs: number;
}

export class GrownStore {
  readonly #store: SqliteStore;
  readonly #leases: ReadonlyMap<string, Lease>;
  readonly #shape: MessagesShape;
  #files: number;

  private constructor(store: SqliteStore, leases: ReadonlyMap<string, Lease>, shape: MessagesShape, files: number) {
    this.#store = store;
    this.#leases = leases;
    this.#shape = shape;
    this.#files = files;
  }

  /** Opens the store of a data dir where it was left, or makes it. Every file in it must be of the same shape. */
  static async open(dataDir: string, shape: MessagesShape): Promise<GrownStore> {
    const store = await openSqliteStore(dataDir);
    const leases = new Map<string, Lease>();
    for (const { collectorId } of feeds) {
      const own = feeds.filter((feed) => feed.collectorId === collectorId).map(({ dataSource }) => dataSource);
      if (!leases.has(collectorId)) leases.set(collectorId, await store.lease(collectorId, own));
    }
    const reader = openSqliteReader(dataDir);
    const states = await reader.dataSources();
    await reader.close();
    const files = states.reduce((sum, { counts }) => sum + counts.filesDone, 0);
    return new GrownStore(store, leases, shape, files);
  }

  get events(): number {
    return this.#files * this.#shape.linesPerFile;
  }

  /** The side of those who deliver what is in it. */
  get deliveries(): DeliveryStore {
    return this.#store.deliveries;
  }

  async growTo(events: number): Promise<void> {
    let notedAt = performance.now();
    while (this.events < events) {
      await this.commitNext();
      if (performance.now() - notedAt < NOTE_EVERY_MS) continue;
      notedAt = performance.now();
      note(`  ${this.events} of ${events} events`);
    }
  }

  /** Commits the next file. What is measured is the commit: listed, split, parsed and hashed it was before. */
  async commitNext(): Promise<CommitFigures> {
    const commit = await this.#nextCommit();
    const lease = this.#leases.get(commit.key.collectorId)!;
    const cpuBefore = process.cpuUsage();
    const started = performance.now();
    const { inserted } = await this.#store.commitFile(lease, commit, ALLOWANCE_MS);
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(cpuBefore);
    if (inserted !== this.#shape.linesPerFile) throw new Error(`Only ${inserted} events of ${commit.fileId} were new`);
    this.#files += 1;
    return { events: inserted, ms, cpuMs: (user + system) / 1_000 };
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #nextCommit(): Promise<FileCommit> {
    const { key, id, endTime, bytes } = messagesFile(this.#files, this.#shape);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const lease = this.#leases.get(key.collectorId)!;
    await this.#store.recordListing(lease, key, [{ id, endTime, size: bytes.length, sha256 }], endTime);
    const feed = connectors[0]!.resolve(key.dataSource)!;
    const prepared = inOneGo(prepare(bytes, { feed, sha256, principal: workspaceId, timezone: "UTC" }));
    const stamp = { siteName: "bench", siteId: "site_bench", timezone: "UTC" };
    return { key, fileId: id, sha256, verified: true, bytes, ...prepared, stamp, ingestedAt: endTime };
  }
}
