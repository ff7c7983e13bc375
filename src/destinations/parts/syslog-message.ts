// Events as messages of RFC 5424, in frames of RFC 6587.

import type { OutgoingEvent } from "../../model/outgoing.ts";
import { isoFromUs } from "../../model/time.ts";
import type { SyslogSettings } from "./syslog-settings.ts";

const BYTE_ORDER_MARK = "\uFEFF";
/** Room for `part="12345/12345"` and what joins it. */
const PART_BYTES = 19;
const LONGEST_MESSAGE_ID = 32;
const LONGEST_NAME = 128;
const LONGEST_KEY = 256;

/** An event as bytes to write: one message, or several where it is longer than the settings allow. */
export function framesOf(event: OutgoingEvent, settings: SyslogSettings): Buffer {
  const frames = messagesOf(event, settings).flatMap(([head, body]) => framed(head, body, settings));
  return Buffer.concat(frames);
}

type Message = readonly [head: Buffer, body: Buffer];

function messagesOf(event: OutgoingEvent, settings: SyslogSettings): readonly Message[] {
  const { framing, long_messages: longer, max_message_bytes: most, structured_data: isStructured } = settings;
  // A line feed would end the frame; in a line of JSON it can only stand between tokens.
  const body = Buffer.from(framing === "newline" ? event.body.replaceAll("\n", " ") : event.body);
  const head = headOf(event, settings, isStructured ? elementOf(event, settings) : "-");
  if (head.length + body.length <= most) return [[head, body]];
  if (longer === "cut") {
    const mark = Buffer.from(`… [cut, ${body.length} bytes]`);
    const kept = body.subarray(0, boundary(body, most - head.length - mark.length));
    return [[head, Buffer.concat([kept, mark])]];
  }
  return inParts(event, settings, body);
}

/** Parts name their event even where structured data is off: nobody could join them otherwise. */
function inParts(event: OutgoingEvent, settings: SyslogSettings, body: Buffer): readonly Message[] {
  const plain = headOf(event, settings, elementOf(event, settings)).length;
  const pieces = piecesOf(body, settings.max_message_bytes - plain - PART_BYTES);
  return pieces.map((piece, index) => {
    const part = `${index + 1}/${pieces.length}`;
    return [headOf(event, settings, elementOf(event, settings, part)), piece];
  });
}

function piecesOf(body: Buffer, most: number): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const end = boundary(body, start + most);
    pieces.push(body.subarray(start, end));
    start = end;
  }
  return pieces;
}

/** The last place up to `at` that lies between two characters. */
function boundary(utf8: Buffer, at: number): number {
  let end = Math.min(at, utf8.length);
  while (end < utf8.length && (utf8[end]! & 0xc0) === 0x80) end -= 1;
  return end;
}

function headOf({ view }: OutgoingEvent, settings: SyslogSettings, structuredData: string): Buffer {
  const { facility, severity, hostname, app_name: application, byte_order_mark: isMarked } = settings;
  const { ingestedAt, timeKey, type } = view.stored;
  const time = timeKey > 0 ? isoFromUs(timeKey) : ingestedAt;
  const messageId = type.slice(0, LONGEST_MESSAGE_ID).replace(/[^!-~]/g, "_") || "-";
  const fields = [time, hostname, application, "-", messageId, structuredData, isMarked ? BYTE_ORDER_MARK : ""];
  return Buffer.from(`<${facility * 8 + severity}>1 ${fields.join(" ")}`);
}

function elementOf({ key, view }: OutgoingEvent, settings: SyslogSettings, part?: string): string {
  const { dataSource, siteName } = view.stored;
  const values = [
    ["key", shortened(key, LONGEST_KEY)],
    ["collector", shortened(view.collector, LONGEST_NAME)],
    ["data_source", shortened(dataSource, LONGEST_NAME)],
    ["sitename", siteName === undefined ? undefined : shortened(siteName, LONGEST_NAME)],
    ["part", part],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${escaped(value)}"`]));
  return `[${settings.structured_data_id} ${values.join(" ")}]`;
}

// The end stays: a key ends with the hash that tells it from others.
function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 41)}…${text.slice(-40)}`;
}

const escaped = (value: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  value.replace(/["\\\]]/g, "\\$&").replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\uFFFD");

function framed(head: Buffer, body: Buffer, { framing }: SyslogSettings): readonly Buffer[] {
  if (framing === "newline") return [head, body, Buffer.from("\n")];
  return [Buffer.from(`${head.length + body.length} `), head, body];
}
