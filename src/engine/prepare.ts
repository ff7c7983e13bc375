// From the bytes of a verified file to what the store inserts. Pure, and all of it done before any transaction begins.
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { FileFeed, LineIdentity } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import { eventFlags, type PreparedEvent } from "../model/event.ts";
import { type EventColumns, EventPacker } from "../model/event-columns.ts";
import type { QuarantinedLine } from "../model/store.ts";
import { hasZone, instantUs, withZone } from "../model/time.ts";
import { objectSpans } from "./object-spans.ts";

export interface Prepared {
  readonly events: EventColumns;
  readonly quarantined: readonly QuarantinedLine[];
}

export interface PrepareOptions {
  readonly feed: Pick<FileFeed, "identify">;
  /** SHA-256 of the file, 64 hex digits: part of the id of an event that has none. */
  readonly sha256: string;
  /** Events of anybody else stop the collector. */
  readonly principal: string;
  /** For times without a zone. */
  readonly timezone: string;
}

const NEWLINE = 0x0a;

interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Work that is done a piece at a time: whoever drives it can let others in between. */
export type InSteps<T> = Generator<undefined, T, undefined>;

/** All the steps at once, for whoever has nobody to let in. */
export function inOneGo<T>(steps: InSteps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** A step is this much of a file: some milliseconds. */
const STEP_BYTES = 1024 * 1024;

/**
 * Splits a file into events, each with its identity, time key and hash. A line that cannot be read is quarantined, never
 * dropped; blank lines count as nothing. Throws `config_invalid` with reason `foreign_principal` on somebody else's event.
 */
export function* prepare(bytes: Uint8Array, options: PrepareOptions): InSteps<Prepared> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wellFormed = isUtf8(buffer);
  const events = new EventPacker();
  const add = (event: PreparedEvent) => events.add(event, buffer.subarray(event.start, event.end));
  const quarantined: QuarantinedLine[] = [];
  let stepEnd = STEP_BYTES;
  for (const line of linesOf(buffer)) {
    if (line.start >= stepEnd) {
      yield;
      stepEnd = line.start + STEP_BYTES;
    }
    const text = buffer.toString("utf8", line.start, line.end);
    const notUtf8 = !wellFormed && !isUtf8(buffer.subarray(line.start, line.end));
    try {
      add(eventOf(options.feed.identify(text), line, options, notUtf8));
    } catch (error) {
      if (!isBadLine(error)) throw error;
      const several = concatenated(buffer, line, options, notUtf8);
      if (several) for (const event of several) add(event);
      else quarantined.push({ line: line.number, start: line.start, end: line.end, reason: error.message });
    }
  }
  return { events: events.columns(), quarantined };
}

function* linesOf(buffer: Buffer): Generator<Line> {
  const hasMark = buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;
  let start = hasMark ? 3 : 0;
  for (let number = 1; start < buffer.length; number++) {
    const found = buffer.indexOf(NEWLINE, start);
    const end = found < 0 ? buffer.length : found;
    if (!isBlank(buffer, start, end)) yield { number, start, end };
    start = end + 1;
  }
}

function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = buffer[i];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

function eventOf(identity: LineIdentity, line: Line, options: PrepareOptions, notUtf8: boolean): PreparedEvent {
  if (identity.principal !== undefined && identity.principal !== options.principal) {
    throw foreign(identity.principal, options.principal);
  }
  const { time, timeFlags } = zoned(identity.time ?? "", options.timezone);
  return {
    line: line.number,
    start: line.start,
    end: line.end,
    eventId: identity.id ?? syntheticId(options.sha256, line),
    timeKey: instantUs(identity.time ?? "") ?? 0,
    time,
    type: identity.type,
    flags: timeFlags | (identity.id === undefined ? eventFlags.syntheticId : 0) | (notUtf8 ? eventFlags.notUtf8 : 0),
  };
}

function zoned(text: string, timezone: string): { time: string; timeFlags: number } {
  if (text === "" || hasZone(text) || instantUs(text) === undefined) return { time: text, timeFlags: 0 };
  const { time, ambiguous } = withZone(text, timezone);
  return { time, timeFlags: eventFlags.zoneApplied | (ambiguous ? eventFlags.ambiguousTime : 0) };
}

// Two events on one line need two ids: the place of the second on its line stands after the line's number.
function syntheticId(sha256: string, { number, start }: Line, offset = start): string {
  const place = offset === start ? String(number) : `${number}+${offset - start}`;
  return createHash("sha256").update(`${sha256}\n${place}`).digest("hex");
}

/** Some producers forget the newline between records; each object on the line is then an event of its own. */
function concatenated(
  buffer: Buffer,
  line: Line,
  options: PrepareOptions,
  notUtf8: boolean,
): PreparedEvent[] | undefined {
  const spans = objectSpans(buffer, line.start, line.end);
  if (spans.length < 2) return undefined;
  try {
    return spans.map(({ start, end }) => {
      const identity = options.feed.identify(buffer.toString("utf8", start, end));
      const id = identity.id ?? syntheticId(options.sha256, line, start);
      const event = eventOf({ ...identity, id }, { number: line.number, start, end }, options, notUtf8);
      return identity.id === undefined ? { ...event, flags: event.flags | eventFlags.syntheticId } : event;
    });
  } catch (error) {
    if (isBadLine(error)) return undefined;
    throw error;
  }
}

const isBadLine = (error: unknown): error is CollectorError =>
  error instanceof CollectorError && error.reason === "bad_line";

function foreign(found: string, expected: string): CollectorError {
  return new CollectorError("config_invalid", `The events belong to ${found.slice(0, 80)}, not to ${expected}`, {
    reason: "foreign_principal",
    action:
      "Check the workspace id and the key: they must belong to the same workspace. Nothing of this file was stored",
  });
}
