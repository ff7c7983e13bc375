import type { LogScope, Stream } from "./event-types.ts";
import { fileTime } from "./instants.ts";
import type { Archive } from "./publishing/archive.ts";

/** One line of a published file. */
export interface PublishedEvent {
  /** Undefined where the line is not one whole JSON object with an `event_id`. */
  readonly eventId: string | undefined;
  /** Its `timestamp` as printed; undefined where it has none. */
  readonly time: string | undefined;
  /** The line without its newline. */
  readonly line: string;
}

/** One file that a client can have now, or could have had until it aged out of the query. */
export interface PublishedFile {
  readonly id: string;
  readonly scope: LogScope;
  readonly type: string;
  readonly endTime: string;
  /** When a client could first see it, by the sandbox's clock. */
  readonly visibleAtMs: number;
  readonly size: number;
  /** The true hash of the bytes, whatever the list says. */
  readonly sha256: string;
  /** The bytes, made anew where the sandbox does not hold them at the moment. */
  readonly bytes: Buffer;
  events(): PublishedEvent[];
}

/** Which published files are meant. */
export interface PublishedQuery {
  readonly type?: string;
  /** Any of these types. */
  readonly types?: readonly string[];
  readonly scope?: LogScope;
  /** Files that end at or after this, µs. */
  readonly fromUs?: number;
  /** Files that end at or before this, µs. */
  readonly toUs?: number;
}

/** What a faultless client would hold: every published file that is not aged out, stream by stream, oldest first. */
export function* publishedFiles(
  archive: Archive,
  streams: readonly Stream[],
  query: PublishedQuery = {},
): Generator<PublishedFile> {
  for (const [index, stream] of streams.entries()) {
    if (query.type !== undefined && stream.type !== query.type) continue;
    if (query.types !== undefined && !query.types.includes(stream.type)) continue;
    if (query.scope !== undefined && stream.scope !== query.scope) continue;
    for (const file of archive.walk(index, query.fromUs ?? 0, query.toUs ?? Number.POSITIVE_INFINITY)) {
      yield {
        id: file.id,
        scope: stream.scope,
        type: file.type,
        endTime: fileTime(file.endUs),
        visibleAtMs: file.visibleAtMs,
        ...archive.digest(file),
        get bytes() {
          return archive.body(file);
        },
        events: () => eventsOf(archive.body(file)),
      };
    }
  }
}

function eventsOf(bytes: Buffer): PublishedEvent[] {
  const lines = bytes.toString("utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const object = objectIn(line);
    return { eventId: textIn(object, "event_id"), time: textIn(object, "timestamp"), line };
  });
}

function objectIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line that a quirk has broken
  }
}

function textIn(object: unknown, name: string): string | undefined {
  if (typeof object !== "object" || object === null) return undefined;
  const value: unknown = Reflect.get(object, name);
  return typeof value === "string" ? value : undefined;
}
