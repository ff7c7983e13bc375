// Events as log records of OTLP in its JSON encoding: names in lowerCamelCase, 64-bit integers as strings, enumerations as numbers.
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs } from "../../model/time.ts";

/** The semantic conventions that the attributes' names are taken from. */
const SCHEMA_URL = "https://opentelemetry.io/schemas/1.41.0";
const INFO = { severityNumber: 9, severityText: "INFO" } as const;

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

export interface OtlpSource {
  readonly serviceName: string;
  /** Name and version of this product, with a slash between. */
  readonly product: string;
}

/** The body of one request: always the same for the same events. */
export function otlpRequest(events: readonly OutgoingEvent[], { serviceName, product }: OtlpSource): string {
  const [name = product, version] = product.split("/");
  const [first] = events;
  const resource = attributes({
    "service.name": serviceName,
    "service.version": version,
    "cistern.collector": first?.view.collector,
    "cistern.connector": first?.view.connector,
  });
  const scopeLogs = [{ scope: { name, version }, schemaUrl: SCHEMA_URL, logRecords: events.map(toLogRecord) }];
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: resource }, schemaUrl: SCHEMA_URL, scopeLogs }] });
}

function toLogRecord({ key, body, view }: OutgoingEvent) {
  const { stored, data, collector } = view;
  return {
    timeUnixNano: nanoseconds(instantUs(stored.time)),
    observedTimeUnixNano: nanoseconds(instantUs(stored.ingestedAt)),
    ...INFO,
    eventName: stored.type.toWellFormed(),
    body: { stringValue: body.toWellFormed() },
    attributes: attributes({
      // What the field `eventName` says, for receivers from before it.
      "event.name": stored.type,
      "cistern.key": key,
      "cistern.event_id": stored.eventId,
      "cistern.collector": collector,
      "cistern.data_source": stored.dataSource,
      "cistern.site.name": stored.siteName,
      "user.id": textAt(data, "actor", "user_id"),
      "user.email": textAt(data, "actor", "user_email"),
      "gen_ai.conversation.id":
        textAt(data, "conversation", "id") ??
        textAt(data, "conversation_id") ??
        textAt(data, "action_data", "conversation_id"),
    }),
  };
}

/** Only what there is; half a surrogate pair, which no receiver can read, becomes U+FFFD. */
const attributes = (values: Readonly<Record<string, string | undefined>>): readonly Attribute[] =>
  Object.entries(values).flatMap(([key, text]) =>
    text === undefined || text === "" ? [] : [{ key, value: { stringValue: text.toWellFormed() } }],
  );

/** Undefined, and so left out, where the instant is unknown. */
const nanoseconds = (us: number | undefined): string | undefined =>
  us === undefined ? undefined : String(BigInt(us) * 1_000n);

function textAt(data: unknown, ...path: readonly string[]): string | undefined {
  let value = data;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === "string" ? value : undefined;
}
