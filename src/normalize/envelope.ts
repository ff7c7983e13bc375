import { eventFlags } from "../model/event.ts";
import { eventJson } from "../model/event-json.ts";
import type { EventView } from "../model/outgoing.ts";
import { compactJson } from "./compact-json.ts";

/**
 * The product's own envelope on one line. Upstream's text stands in it byte for byte; where line ends stand between its tokens, the
 * white space there is left out. What is no JSON object goes as base64, as what is not UTF-8 does.
 */
export function envelopeOf(view: EventView): string {
  const { stored, text, data } = view;
  if (text === undefined || data === undefined)
    return eventJson({ ...stored, flags: stored.flags | eventFlags.notUtf8 }, view);
  const line = /[\r\n]/.test(text) ? Buffer.from(compactJson(text)) : stored.raw;
  return eventJson({ ...stored, raw: line }, view);
}
