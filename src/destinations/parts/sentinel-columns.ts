// The columns of the table in Microsoft Sentinel. Rows, the template that creates the table, and the documentation are made from this list.
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs, isoFromUs } from "../../model/time.ts";

/** The service cuts a field at 64 KB without a word; this is below it whether a KB is 1,000 or 1,024 bytes. */
export const LONGEST_FIELD = 64_000;

export interface SentinelColumn {
  readonly name: string;
  readonly type: "string" | "datetime" | "boolean" | "long";
  readonly description: string;
  /** Undefined where the event has none: the column stays empty. Absent for what only the finished row tells. */
  readonly value?: (event: OutgoingEvent) => string | number | undefined;
}

export const sentinelColumns: readonly SentinelColumn[] = [
  {
    name: "TimeGenerated",
    type: "datetime",
    description: "When it happened. The service replaces a time that is old or in the future; `EventTime` keeps it.",
    value: (event) => eventTime(event) ?? event.view.stored.ingestedAt,
  },
  {
    name: "EventTime",
    type: "datetime",
    description: "When it happened; empty where upstream gives no time.",
    value: eventTime,
  },
  {
    name: "CollectedTime",
    type: "datetime",
    description: "When Cistern stored it.",
    value: ({ view }) => view.stored.ingestedAt,
  },
  {
    name: "EventKey",
    type: "string",
    description: "Its identity: collector, event ID and content. Rows with the same key are copies.",
    value: ({ key }) => key,
  },
  { name: "EventId", type: "string", description: "Upstream's ID.", value: ({ view }) => view.stored.eventId },
  {
    name: "Revision",
    type: "string",
    description: "SHA-256 of the content: an edited event has the same `EventId` and another revision.",
    value: ({ view }) => view.stored.contentHash,
  },
  {
    name: "EventType",
    type: "string",
    description: "Upstream's word, such as `CONVERSATION_MESSAGE`.",
    value: ({ view }) => view.stored.type,
  },
  {
    name: "Operation",
    type: "string",
    description: "What was done, where the event names it: `action`.",
    value: (event) => text(event, ["action"]),
  },
  { name: "Collector", type: "string", description: "The collector's name.", value: ({ view }) => view.collector },
  {
    name: "Connector",
    type: "string",
    description: "The kind of collector, such as `chatgpt-enterprise`.",
    value: ({ view }) => view.connector,
  },
  {
    name: "DataSource",
    type: "string",
    description: "Such as `conversations`.",
    value: ({ view }) => view.stored.dataSource,
  },
  {
    name: "SiteName",
    type: "string",
    description: "The collector's site.",
    value: ({ view }) => view.stored.siteName,
  },
  { name: "SiteId", type: "string", description: "The ID of the site.", value: ({ view }) => view.stored.siteId },
  {
    name: "Timezone",
    type: "string",
    description: "The collector's timezone.",
    value: ({ view }) => view.stored.timezone,
  },
  {
    name: "WorkspaceId",
    type: "string",
    description: "The workspace or organization: `principal.id`.",
    value: (event) => text(event, ["principal", "id"]),
  },
  {
    name: "ActorEmail",
    type: "string",
    description: "Who did it: `actor.user_email`.",
    value: (event) => text(event, ["actor", "user_email"]),
  },
  {
    name: "ActorId",
    type: "string",
    description: "Who did it: `actor.user_id`.",
    value: (event) => text(event, ["actor", "user_id"]),
  },
  {
    name: "ActorType",
    type: "string",
    description: "What did it: `actor.type`.",
    value: (event) => text(event, ["actor", "type"]),
  },
  {
    name: "ClientIp",
    type: "string",
    description: "From where: `client_ip` or `request_metadata.client_ip`.",
    value: (event) => text(event, ["client_ip"], ["request_metadata", "client_ip"]),
  },
  {
    name: "ConversationId",
    type: "string",
    description: "`conversation.id`, `conversation_id` or `action_data.conversation_id`.",
    value: (event) => text(event, ["conversation", "id"], ["conversation_id"], ["action_data", "conversation_id"]),
  },
  {
    name: "Sequence",
    type: "long",
    description: "The event's place in the collector's log.",
    value: ({ view }) => view.stored.seq,
  },
  {
    name: "Truncated",
    type: "boolean",
    description: "True where a field of this row was cut; it then ends with a mark that names the key.",
  },
  {
    name: "RawEncoding",
    type: "string",
    description: "`text`, or `base64` where upstream's bytes are not valid UTF-8.",
    value: ({ view }) => (view.text === undefined ? "base64" : "text"),
  },
  {
    name: "Raw",
    type: "string",
    description: "The upstream line as it came. `parse_json(Raw)` reads it.",
    value: ({ view }) => view.text ?? Buffer.from(view.stored.raw).toString("base64"),
  },
];

export type SentinelRow = Readonly<Record<string, string | number | boolean>> & { readonly Truncated: boolean };

/** The event as a row. A field that is too long is cut, ends with a mark, and sets `Truncated`. */
export function sentinelRow(event: OutgoingEvent): SentinelRow {
  const given = sentinelColumns.map(({ name, value }) => [name, wellFormed(value?.(event))] as const);
  const fitted = given.map(
    ([name, value]) => [name, typeof value === "string" ? cut(value, event.key) : value] as const,
  );
  const Truncated = fitted.some(([, value], index) => value !== given[index]![1]);
  return { ...Object.fromEntries(fitted.filter(([, value]) => value !== undefined)), Truncated } as SentinelRow;
}

function eventTime({ view }: OutgoingEvent): string | undefined {
  const us = instantUs(view.stored.time);
  return us === undefined ? undefined : isoFromUs(us);
}

/** The first of these places in the event that holds a text. */
function text({ view }: OutgoingEvent, ...places: readonly (readonly string[])[]): string | undefined {
  for (const place of places) {
    const found = place.reduce<unknown>(
      (at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
      view.data,
    );
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}

// Half a surrogate pair cannot be written as UTF-8, and one such name must not cost the whole batch.
const wellFormed = (value: string | number | undefined) => (typeof value === "string" ? value.toWellFormed() : value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function cut(value: string, key: string): string {
  const bytes = Buffer.from(value);
  if (bytes.length <= LONGEST_FIELD) return value;
  const mark = `… [cut, ${bytes.length} bytes in all; Cistern holds the whole event: ${key.slice(0, 1_000).toWellFormed()}]`;
  let end = LONGEST_FIELD - Buffer.byteLength(mark);
  // Back to where a character begins.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return `${bytes.toString("utf8", 0, end)}${mark}`;
}
