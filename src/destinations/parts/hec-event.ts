import type { OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs } from "../../model/time.ts";
import type { HecSettings } from "./hec-settings.ts";
import { isRawBody } from "./raw-body.ts";

/** The names of the OpenAI compliance add-on for Splunk, where they are not the data source's with underscores. */
const addOnNames: Readonly<Record<string, string>> = { "app-auth-log": "app_log_auth" };

/** One object of the event collector. `event` is the upstream object byte for byte where the format is raw, else the body. */
export function hecObject(event: OutgoingEvent, settings: HecSettings): string {
  const { stored, collector } = event.view;
  const envelope = JSON.stringify({
    host: settings.host,
    source: settings.source ?? collector,
    sourcetype: sourcetypeOf(event, settings),
    index: settings.index,
    fields: {
      key: event.key,
      event_id: stored.eventId,
      collector,
      sitename: stored.siteName,
      timezone: stored.timezone,
    },
  });
  return `{"time":${secondsOf(event)},${envelope.slice(1, -1)},"event":${payloadOf(event)}}`;
}

function sourcetypeOf({ view: { stored } }: OutgoingEvent, { sourcetype, sourcetypes }: HecSettings): string {
  if (sourcetype !== undefined) return sourcetype;
  if (sourcetypes === "event_type") return `openai:compliance:${wordOf(stored.type || stored.dataSource)}`;
  return `openai:compliance:${addOnNames[stored.dataSource] ?? wordOf(stored.dataSource)}`;
}

const wordOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9_]/g, "_");

// Written by hand: Splunk refuses a number in scientific notation. The time of arrival at Splunk would differ with every repeat, so an
// event without a time of its own has the time at which it was collected.
function secondsOf({ view: { stored } }: OutgoingEvent): string {
  const us = instantUs(stored.time) ?? instantUs(stored.ingestedAt) ?? 0;
  return (Math.floor(us / 1_000) / 1_000).toFixed(3);
}

function payloadOf(event: OutgoingEvent): string {
  const { text, data } = event.view;
  if (text === undefined || !isRawBody(event)) return event.body;
  return data === undefined ? JSON.stringify(text) : text;
}
