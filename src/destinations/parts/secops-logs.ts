// The body of logs:import. It is made of what is stored and of settings alone: Google discards a batch that it has had before, so a
// repeated attempt has to be the same bytes.
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs, isoFromUs } from "../../model/time.ts";
import type { SecopsSettings } from "./secops-settings.ts";

/** `projects/…/instances/…` of the settings. */
export const instanceName = ({ project, location, instance }: SecopsSettings): string =>
  `projects/${project}/locations/${location}/instances/${instance}`;

/** The request for these events, as JSON. */
export function importBody(settings: SecopsSettings, events: readonly OutgoingEvent[]): string {
  const { forwarder, namespace } = settings;
  const logs = events.map((event) => logOf(event, namespace));
  const name = forwarder?.includes("/") ? forwarder : `${instanceName(settings)}/forwarders/${forwarder}`;
  return JSON.stringify({ inline_source: { ...(forwarder !== undefined && { forwarder: name }), logs } });
}

function logOf(event: OutgoingEvent, namespace: string | undefined) {
  const { stored } = event.view;
  return {
    data: Buffer.from(event.body).toString("base64"),
    ...timesOf(stored.time, stored.ingestedAt),
    ...(namespace !== undefined && { environment_namespace: namespace }),
    labels: labelsOf(event),
  };
}

// The collection has to come after the entry. Where upstream gives no time, or one that is still to come, the entry is put right before;
// the event's own time stays in its text.
function timesOf(time: string, ingestedAt: string) {
  const collected = instantUs(ingestedAt)!;
  const happened = instantUs(time) ?? collected;
  return {
    log_entry_time: isoFromUs(Math.min(happened, collected - 1_000)),
    collection_time: isoFromUs(collected),
  };
}

function labelsOf({ key, view }: OutgoingEvent) {
  const { stored, collector } = view;
  const labels = {
    event_key: key,
    event_id: stored.eventId,
    event_type: stored.type,
    collector,
    data_source: stored.dataSource,
    sitename: stored.siteName,
    timezone: stored.timezone,
  };
  const given = Object.entries(labels).filter(([, value]) => value !== undefined && value !== "");
  // Half a surrogate pair cannot be written as UTF-8, and one such name must not cost the whole batch.
  return Object.fromEntries(given.map(([name, value]) => [name, { value: value!.toWellFormed() }]));
}
