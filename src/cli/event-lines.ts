import { once } from "node:events";
import type { StoredEvent } from "../model/event.ts";
import { eventJson } from "../model/event-json.ts";
import type { Output } from "./cli.ts";

/** Names that an event is printed with. */
export interface EventNames {
  readonly collector: string;
  readonly connector: string;
}

/** Writes events as JSON Lines, no faster than they are taken. Resolves when the output takes more. */
export async function writeEvents(output: Output, events: readonly StoredEvent[], names: EventNames): Promise<void> {
  for (const event of events) {
    if (!output.write(`${eventJson(event, names)}\n`)) await once(output, "drain");
  }
}
