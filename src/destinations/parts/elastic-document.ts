import { createHash } from "node:crypto";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs, isoFromUs } from "../../model/time.ts";

/** Longer ids are refused. */
const LONGEST_ID = 512;

/** The two lines of an event in a bulk request, with their line ends. `create` never puts one document in another's place. */
export function bulkLines(event: OutgoingEvent): string {
  return `{"create":{"_id":${JSON.stringify(documentId(event.key))}}}\n${documentOf(event)}\n`;
}

/** The key of the event, or a hash of a key that is too long. */
export const documentId = (key: string): string =>
  Buffer.byteLength(key) <= LONGEST_ID ? key : createHash("sha256").update(key).digest("hex");

/** The body with the time that a data stream asks for, where it has none; not a character of the body is changed. */
export function documentOf({ body, view: { stored } }: OutgoingEvent): string {
  if (hasTimestamp(body)) return body;
  const us = instantUs(stored.time);
  const time = us === undefined ? stored.ingestedAt : isoFromUs(us);
  const comma = /^\{\s*\}$/.test(body) ? "" : ",";
  return `{"@timestamp":${JSON.stringify(time)}${comma}${body.slice(1)}`;
}

// Words of people can have it in them as well: only then is it worth the reading.
function hasTimestamp(body: string): boolean {
  if (body.startsWith('{"@timestamp":')) return true;
  return body.includes('"@timestamp"') && Object.hasOwn(JSON.parse(body) as object, "@timestamp");
}
