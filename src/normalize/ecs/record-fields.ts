import { eventKey } from "../../model/event.ts";
import { isoFromUs } from "../../model/time.ts";
import type { Told } from "../told.ts";
import type { Fields } from "./fields.ts";

/** When it was, which event it is, and by which way it came. */
export function recordFields({ view }: Told): Fields {
  const { stored, collector, connector } = view;
  return {
    // Where upstream told no time, the time of collection: the schema demands one.
    "@timestamp": stored.timeKey > 0 ? isoFromUs(stored.timeKey) : stored.ingestedAt,
    "ecs.version": "9.4.0",
    "event.id": stored.eventId,
    "event.code": stored.type,
    "event.created": stored.ingestedAt,
    "event.dataset": "openai.compliance",
    "event.module": "openai",
    "event.provider": stored.dataSource,
    "event.sequence": stored.seq,
    "event.timezone": stored.timezone,
    "observer.vendor": "OpenAI",
    "observer.product": "ChatGPT Enterprise",
    "agent.type": "cistern",
    "agent.id": stored.collectorId,
    "agent.name": collector,
    "labels.sitename": stored.siteName,
    "labels.siteid": stored.siteId,
    "labels.connector": connector === "" ? undefined : connector,
    "openai.compliance.key": eventKey(stored),
    "openai.compliance.original_time": stored.time === "" ? undefined : stored.time,
  };
}
