// Splunk's HTTP Event Collector: JSON objects end to end in one request. It cannot tell a repeat from something new, so each event carries
// its key as an indexed field, for `dedup`.
import { defineDestination } from "../model/destination.ts";
import { checkHec } from "./parts/hec-check.ts";
import { hecCollector } from "./parts/hec-collector.ts";
import { deliverToHec } from "./parts/hec-delivery.ts";
import { HecSettings } from "./parts/hec-settings.ts";

/** Splunk cannot say that an event will never be written: after this long without an acknowledgement it is sent again. */
const ACKNOWLEDGED_WITHIN_MS = 5 * 60_000;
/** Nobody sits in front of a connection test for as long as that. */
const CHECK_ACKNOWLEDGED_WITHIN_MS = 60_000;

export const splunkHec = defineDestination<HecSettings>({
  name: "splunk-hec",
  title: "Splunk",
  description: "Sends events to the HTTP Event Collector of Splunk Enterprise or Splunk Cloud.",
  group: "siem",
  settings: HecSettings,
  address: ["url"],
  formats: ["raw", "ecs", "ocsf", "ocsf-1.9"],
  guarantee: "at_least_once",
  guaranteeNote:
    "Splunk does not recognise repeats: after an interruption an event can be there twice, with the same key in the field key, which dedup key removes; without indexer acknowledgement, what Splunk has taken and loses before it is written is lost.",
  limits: { events: 1_000, bytes: 1_000_000 },
  maxAgeMs: 2_000,
  concurrency: 4,
  open(context) {
    const collector = hecCollector(context);
    const delivery = { context, collector, acknowledgementMs: ACKNOWLEDGED_WITHIN_MS };
    return {
      send: ({ events }, signal) => deliverToHec(events, delivery, signal),
      check: (test, signal) => checkHec(test, { ...delivery, acknowledgementMs: CHECK_ACKNOWLEDGED_WITHIN_MS }, signal),
      close: async () => undefined,
    };
  },
});
