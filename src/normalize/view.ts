import { eventFlags, type StoredEvent } from "../model/event.ts";
import type { EventNames } from "../model/event-json.ts";
import type { EventView } from "../model/outgoing.ts";
import type { Mask } from "./masking.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The event as formats see it, masked. Undefined where it is to be masked and cannot be: it is not JSON, or not UTF-8. */
export function viewOf(stored: StoredEvent, names: EventNames, mask: Mask | undefined): EventView | undefined {
  const text = stored.flags & eventFlags.notUtf8 ? undefined : utf8.decode(stored.raw);
  if (mask === undefined) return { stored, ...names, text, data: objectOf(text) };
  const masked = text === undefined ? undefined : mask(text);
  if (masked === undefined) return undefined;
  return { stored: { ...stored, raw: Buffer.from(masked) }, ...names, text: masked, data: objectOf(masked) };
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
