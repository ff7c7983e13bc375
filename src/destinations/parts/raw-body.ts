import type { OutgoingEvent } from "../../model/outgoing.ts";

/**
 * Whether the body is in format `raw`: our envelope, with the upstream object as its last member. A sender is not told its format, but
 * no other format begins with the key and ends with the upstream's own text.
 */
export function isRawBody({ key, body, view }: OutgoingEvent): boolean {
  return (
    body.startsWith(`{"key":${JSON.stringify(key)},`) &&
    (view.text === undefined || body.endsWith(view.text, body.length - 1))
  );
}
