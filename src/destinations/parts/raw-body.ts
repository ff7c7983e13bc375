import type { OutgoingEvent } from "../../model/outgoing.ts";

/**
 * Whether the body is in format `raw`, our own envelope. A sender is not told its format, but no other body can begin so: the key holds a
 * hash of upstream's text.
 */
export const isRawBody = ({ key, body, view }: OutgoingEvent): boolean =>
  body.startsWith(`{"key":${JSON.stringify(key)},"seq":${view.stored.seq},"event_id":`);
