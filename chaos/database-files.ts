// A database and its write-ahead log as bytes on a disk, and what a power cut can make of them.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../src/sandbox/random.ts";

/** A disk writes whole sectors, and in any order until it is told to wait. */
const SECTOR = 512;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

export interface DatabaseFiles {
  readonly db: Buffer;
  readonly wal: Buffer;
}

export const DATABASE = "cistern.db";

/** Reads both files; what has not changed since `before` is taken from there. */
export function readFiles(folder: string, before?: DatabaseFiles & { readonly dbChangedNs: bigint }) {
  const path = join(folder, DATABASE);
  const dbChangedNs = statSync(path, { bigint: true }).mtimeNs;
  const db = before?.dbChangedNs === dbChangedNs ? before.db : readFileSync(path);
  const wal = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0);
  return { db, wal, dbChangedNs };
}

/** Puts the files where a store can be opened. */
export function writeFiles(folder: string, { db, wal }: DatabaseFiles): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, DATABASE), db);
  writeFileSync(join(folder, `${DATABASE}-wal`), wal);
}

/** The generation of a log: what its header says. A log that begins anew gets another one. */
export const generationOf = (wal: Buffer): string => wal.toString("hex", 0, WAL_HEADER);

/** Up to where the log holds whole transactions: the end of the last commit frame of its generation. */
export function committedLength(wal: Buffer): number {
  if (wal.length < WAL_HEADER) return 0;
  const pageSize = wal.readUInt32BE(8);
  const salts = wal.subarray(16, 24);
  let committed = 0;
  for (let at = WAL_HEADER; at + FRAME_HEADER + pageSize <= wal.length; at += FRAME_HEADER + pageSize) {
    if (!wal.subarray(at + 8, at + 16).equals(salts)) break;
    if (wal.readUInt32BE(at + 4) > 0) committed = at + FRAME_HEADER + pageSize;
  }
  return committed;
}

/** From `start` on each sector is the old one or the new one, as it happens; one of them is cut in the middle. */
export function tornBetween(old: Buffer, fresh: Buffer, start: number, random: Random): Buffer {
  const end = Math.max(old.length, fresh.length);
  const torn = Buffer.alloc(random.chance(0.5) ? end : random.between(start, end));
  copyRange(fresh, torn, 0, start);
  const differing: number[] = [];
  for (let at = start; at < torn.length; at = nextSector(at)) if (!sameSector(old, fresh, at)) differing.push(at);
  const cut = differing.length === 0 ? -1 : random.pick(differing);
  const share = random.fraction();
  for (let at = start; at < torn.length; at = nextSector(at)) {
    const to = Math.min(nextSector(at), torn.length);
    copyRange(old, torn, at, to);
    const written = at === cut ? at + random.between(1, to - at) : random.chance(share) ? to : at;
    copyRange(fresh, torn, at, written);
  }
  return torn;
}

function copyRange(source: Buffer, target: Buffer, from: number, to: number): void {
  if (from < source.length) source.copy(target, from, from, Math.min(to, source.length));
}

const nextSector = (at: number): number => (Math.floor(at / SECTOR) + 1) * SECTOR;

function sameSector(old: Buffer, fresh: Buffer, at: number): boolean {
  const end = nextSector(at);
  return old.subarray(at, end).equals(fresh.subarray(at, end));
}

/** The log with its header alone partly or wholly written anew, as it is before anything else of a new generation is written. */
export function tornHeader(old: Buffer, fresh: Buffer, random: Random): Buffer {
  const torn = Buffer.from(old);
  fresh.copy(torn, 0, 0, random.between(1, WAL_HEADER));
  return torn;
}

/** The log with bytes behind its end that never were a frame. */
export function withGarbage(wal: Buffer, length: number, random: Random): Buffer {
  const garbage = Buffer.from(Array.from({ length: random.between(1, 3 * SECTOR) }, () => random.between(0, 255)));
  return Buffer.concat([wal.subarray(0, length), garbage]);
}
