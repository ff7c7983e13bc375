import { bulkLines } from "../generator/bulk.ts";
import type { Quirks } from "../quirks.ts";
import { shareOf } from "../random.ts";
import { assemble } from "./assemble.ts";
import type { Entry } from "./copies.ts";
import type { EntrySource } from "./entry-source.ts";
import { fileIdOf } from "./file-id.ts";
import type { SlotGrid } from "./slots.ts";

/** A file that is or will be published. */
export interface LogFile {
  readonly id: string;
  readonly stream: number;
  readonly type: string;
  readonly endUs: number;
  /** It is neither listed nor served before. */
  readonly visibleAtMs: number;
  /** The newest time of its events, µs; undefined when none has one. */
  readonly newestUs: number | undefined;
  /** Its bytes. The same ones each time. */
  readonly make: () => Buffer;
}

/** The files of one stream. */
export interface StreamFiles {
  /** Files with an end from `fromUs` on (itself included) up to `toUs`, ascending. */
  within(fromUs: number, toUs: number): Iterable<LogFile>;
  /** Files with an end up to `toUs`, the newest first. */
  backwards(toUs: number): Iterable<LogFile>;
  /** The file that ends then; undefined when there is none. */
  at(endUs: number, part: number): LogFile | undefined;
}

/** What a stream is made from. */
export interface StreamFacts {
  readonly seed: number;
  readonly index: number;
  readonly type: string;
  readonly principalId: string;
  /** No file ends before, µs. */
  readonly oldestUs: number;
  readonly quirksAt: (us: number) => Quirks;
}

/** The files of a stream whose entries come from a source, one for each slot that has any. */
export function slottedFiles(facts: StreamFacts, source: EntrySource, grid: SlotGrid): StreamFiles {
  function filesOf(slot: number): LogFile[] {
    const endUs = grid.endUs(facts.index, slot);
    const quirks = facts.quirksAt(endUs);
    if (endUs < facts.oldestUs || quirks.quietTypes.includes(facts.type)) return [];
    const entries = source.between(grid.endUs(facts.index, slot - 1), endUs);
    if (entries.length === 0) return [];
    const tied = shareOf(facts.seed, "tied", facts.index, endUs) < quirks.tiedEndTimes;
    const parts = tied ? Math.min(entries.length, Math.max(1, quirks.tieGroupSize)) : 1;
    return Array.from({ length: parts }, (_, part) =>
      fileOf(
        facts,
        endUs,
        part,
        quirks,
        entries.filter((_, index) => index % parts === part),
      ),
    );
  }

  return {
    *within(fromUs, toUs) {
      const start = Math.max(fromUs, facts.oldestUs);
      for (let slot = grid.slotAt(facts.index, start); grid.endUs(facts.index, slot) <= toUs; slot += 1)
        yield* filesOf(slot);
    },
    *backwards(toUs) {
      let slot = grid.slotAt(facts.index, toUs);
      if (grid.endUs(facts.index, slot) > toUs) slot -= 1;
      for (; grid.endUs(facts.index, slot) >= facts.oldestUs; slot -= 1) yield* filesOf(slot);
    },
    at(endUs, part) {
      const slot = grid.slotAt(facts.index, endUs);
      return grid.endUs(facts.index, slot) === endUs ? filesOf(slot)[part] : undefined;
    },
  };
}

function fileOf(facts: StreamFacts, endUs: number, part: number, quirks: Quirks, entries: readonly Entry[]): LogFile {
  const id = fileIdOf(facts.seed, { stream: facts.index, endUs, part });
  const late = shareOf(facts.seed, "late file", id) < quirks.lateFiles ? quirks.lateFileDelayMs : 0;
  return {
    id,
    stream: facts.index,
    type: facts.type,
    endUs,
    visibleAtMs: endUs / 1000 + late,
    newestUs: entries.reduce<number | undefined>((newest, entry) => Math.max(newest ?? 0, entry.atUs), undefined),
    make: () => assemble({ ...facts, id, endUs, quirks }, entries),
  };
}

/** The files of a bulk stream: `count` of them at even distances, the last one ending at `lastUs`. */
export function bulkFiles(
  facts: StreamFacts,
  lastUs: number,
  count: number,
  linesPerFile: number,
  lineBytes: number,
): StreamFiles {
  const stepUs = Math.floor(Math.min(600_000_000, (lastUs - facts.oldestUs) / (count + 1)));
  const file = (index: number): LogFile => {
    const endUs = lastUs - (count - 1 - index) * stepUs;
    const id = fileIdOf(facts.seed, { stream: facts.index, endUs, part: 0 });
    const bulk = { name: id, type: facts.type, principalId: facts.principalId, endUs, lines: linesPerFile, lineBytes };
    return {
      id,
      stream: facts.index,
      type: facts.type,
      endUs,
      visibleAtMs: endUs / 1000,
      newestUs: endUs,
      make: () => bulkLines(bulk),
    };
  };
  const indexAt = (us: number) => count - 1 - (lastUs - us) / stepUs;
  return {
    *within(fromUs, toUs) {
      const last = Math.min(count - 1, Math.floor(indexAt(toUs)));
      for (let index = Math.max(0, Math.ceil(indexAt(fromUs))); index <= last; index += 1) yield file(index);
    },
    *backwards(toUs) {
      for (let index = Math.min(count - 1, Math.floor(indexAt(toUs))); index >= 0; index -= 1) yield file(index);
    },
    at(endUs) {
      const index = indexAt(endUs);
      return Number.isInteger(index) && index >= 0 && index < count ? file(index) : undefined;
    },
  };
}
