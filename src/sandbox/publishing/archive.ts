import { createHash } from "node:crypto";
import { DAY_MS } from "../instants.ts";
import type { Quirks } from "../quirks.ts";
import { shareOf } from "../random.ts";
import { positionOf } from "./file-id.ts";
import type { LogFile, StreamFiles } from "./stream-files.ts";

/** Which files a list asks for. */
export interface FileQuery {
  readonly streams: readonly number[];
  readonly afterUs: number;
  /** Whether a file that ends exactly then counts as later. */
  readonly boundaryToo: boolean;
  readonly beforeUs: number | undefined;
  readonly atMost: number;
}

/** What a list says of a file's contents. */
export interface Digest {
  readonly size: number;
  readonly sha256: string;
}

/** All files of a sandbox, made when they are first looked at. */
export interface Archive {
  /** The published files that a query asks for, by `end_time`. */
  list(query: FileQuery): LogFile[];
  /** The published files of one stream that end from `fromUs` up to `toUs`, in the order of a list. */
  walk(stream: number, fromUs: number, toUs: number): Iterable<LogFile>;
  /** The file of an id if it is published and not aged out. */
  find(id: string): LogFile | undefined;
  /** The newest event time that a stream's files hold, µs. */
  newestUs(stream: number): number | undefined;
  /** A file's bytes. */
  body(file: LogFile): Buffer;
  /** A file's true size and hash. */
  digest(file: LogFile): Digest;
  /** The hash that the list shows: the true one unless `wrongSha256` chose the file. */
  listedSha256(file: LogFile): string;
}

/** What an archive depends on. */
export interface ArchiveFacts {
  readonly seed: number;
  readonly streams: readonly StreamFiles[];
  /** Files that end later are not published yet (ms). */
  readonly horizonMs: () => number;
  readonly quirks: () => Quirks;
  readonly quirksAt: (us: number) => Quirks;
}

const MOST_BYTES_KEPT = 24 * 1024 * 1024;

export function archiveOf(facts: ArchiveFacts): Archive {
  const bodies = bodyCache();
  const digests = new Map<string, Digest>();
  const oldestUs = () => (facts.horizonMs() - facts.quirks().retentionDays * DAY_MS) * 1000;
  const isVisible = (file: LogFile) => file.visibleAtMs <= facts.horizonMs() && file.endUs >= oldestUs();

  function body(file: LogFile): Buffer {
    return bodies.get(file.id) ?? bodies.keep(file.id, file.make());
  }

  function digest(file: LogFile): Digest {
    const known = digests.get(file.id);
    if (known) return known;
    const bytes = body(file);
    const made = { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    digests.set(file.id, made);
    return made;
  }

  return {
    list(query) {
      const found = query.streams.flatMap((stream) =>
        firstFiles(facts.streams[stream], query, oldestUs(), facts.horizonMs() * 1000, isVisible),
      );
      return found.sort((a, b) => a.endUs - b.endUs || (a.id < b.id ? -1 : 1)).slice(0, query.atMost);
    },
    *walk(stream, fromUs, toUs) {
      const start = Math.max(fromUs, oldestUs());
      for (const file of facts.streams[stream]?.within(start, Math.min(toUs, facts.horizonMs() * 1000)) ?? []) {
        if (isVisible(file) && file.endUs >= start) yield file;
      }
    },
    find(id) {
      const position = positionOf(facts.seed, id);
      const file = position && facts.streams[position.stream]?.at(position.endUs, position.part);
      return file && isVisible(file) ? file : undefined;
    },
    newestUs(stream) {
      const newest: number[] = [];
      for (const file of facts.streams[stream]?.backwards(facts.horizonMs() * 1000) ?? []) {
        if (file.endUs < oldestUs() || newest.length === 12) break;
        if (isVisible(file) && file.newestUs !== undefined) newest.push(file.newestUs);
      }
      return newest.length === 0 ? undefined : Math.max(...newest);
    },
    body,
    digest,
    listedSha256(file) {
      const { sha256 } = digest(file);
      const wrong = shareOf(facts.seed, "wrong sha256", file.id) < facts.quirksAt(file.endUs).wrongSha256;
      return wrong ? createHash("sha256").update(sha256).digest("hex") : sha256;
    },
  };
}

function firstFiles(
  files: StreamFiles | undefined,
  query: FileQuery,
  oldestUs: number,
  horizonUs: number,
  isVisible: (file: LogFile) => boolean,
): LogFile[] {
  const found: LogFile[] = [];
  const fromUs = Math.max(query.boundaryToo ? query.afterUs : query.afterUs + 1, oldestUs);
  const toUs = query.beforeUs === undefined ? horizonUs : Math.min(horizonUs, query.beforeUs - 1);
  let lastUs: number | undefined;
  for (const file of files?.within(fromUs, toUs) ?? []) {
    // Files of one end time stay together, so that their order does not depend on how many are asked for.
    if (found.length >= query.atMost && file.endUs !== lastUs) break;
    if (isVisible(file) && file.endUs >= fromUs) found.push(file);
    lastUs = file.endUs;
  }
  return found;
}

function bodyCache() {
  const kept = new Map<string, Buffer>();
  let bytesKept = 0;
  return {
    get: (id: string) => kept.get(id),
    keep(id: string, body: Buffer): Buffer {
      kept.set(id, body);
      bytesKept += body.length;
      for (const [oldest, bytes] of kept) {
        if (bytesKept <= MOST_BYTES_KEPT || oldest === id) break;
        kept.delete(oldest);
        bytesKept -= bytes.length;
      }
      return body;
    },
  };
}
