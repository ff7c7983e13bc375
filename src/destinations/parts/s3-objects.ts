// Which objects a batch becomes: keys and bytes that follow from the batch alone, so that a repeat puts the same objects again.
import { CollectorError } from "../../model/errors.ts";
import type { Batch, OutgoingEvent } from "../../model/outgoing.ts";
import { codecOf, fileBytes, fileEnding, fileName, groupedBy, hourOf, pathSegment } from "./event-file.ts";
import { type OcsfEvent, ocsfParquet } from "./ocsf-parquet.ts";
import type { S3Settings } from "./s3-settings.ts";

export interface S3Object {
  readonly key: string;
  readonly contentType: string;
  /** Made when it is needed: not all objects of a batch are in memory at once. */
  bytes(): Promise<Uint8Array>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".ndjson": "application/x-ndjson",
  ".ndjson.gz": "application/gzip",
  ".ndjson.zst": "application/zstd",
  ".parquet": "application/vnd.apache.parquet",
};

/** Throws `config_invalid` where the layout needs OCSF and an event is none. */
export const objectsOf = (batch: Batch, settings: S3Settings): readonly S3Object[] =>
  settings.layout === "security-lake" ? lakeObjects(batch, settings) : plainObjects(batch, settings);

function plainObjects(batch: Batch, settings: S3Settings): S3Object[] {
  const placeOf = (event: OutgoingEvent) => {
    const { date, hour } = hourOf(event, settings.partition_by);
    return `type=${pathSegment(event.view.stored.type.toLowerCase())}/dt=${date}/hh=${hour}`;
  };
  return [...groupedBy(batch.events, placeOf)].map(([place, events]) => ({
    key: keyOf(settings.prefix, place, fileName(batch, settings)),
    contentType: contentTypes[fileEnding(settings)]!,
    bytes: () => fileBytes(events, settings),
  }));
}

const LAKE_FILE = { file_type: "parquet", compression: "zstd" } as const;

/** Of one class and one day each, ordered by time. The place is Security Lake's, at the root of its bucket. */
function lakeObjects(batch: Batch, settings: S3Settings): S3Object[] {
  const parsed = new Map(batch.events.map((event) => [event, ocsfIn(event)]));
  const { region, security_lake_source: source, security_lake_account: account } = settings;
  const placeOf = (event: OutgoingEvent) => {
    const name = source.replaceAll("{class}", String(parsed.get(event)!.class_uid));
    const day = hourOf(event, "event_time").date.replaceAll("-", "");
    return `ext/${name}/region=${region}/accountId=${account}/eventDay=${day}`;
  };
  const classAndPlace = (event: OutgoingEvent) => `${parsed.get(event)!.class_uid} ${placeOf(event)}`;
  return [...groupedBy(batch.events, classAndPlace).values()].map((events) => {
    const rows = events.map((event) => parsed.get(event)!).sort((a, b) => a.time - b.time);
    return {
      key: keyOf(undefined, placeOf(events[0]!), `${rows[0]!.class_uid}-${fileName(batch, LAKE_FILE)}`),
      contentType: contentTypes[".parquet"]!,
      bytes: () => ocsfParquet(rows, codecOf(settings)),
    };
  });
}

const keyOf = (...parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined).join("/");

type Ocsf = OcsfEvent & { readonly class_uid: number; readonly time: number };

function ocsfIn({ body }: OutgoingEvent): Ocsf {
  const event = parsed(body);
  if (Number.isSafeInteger(event?.class_uid) && typeof event?.time === "number") return event as Ocsf;
  throw new CollectorError("config_invalid", "Security Lake takes OCSF, and an event is in another format", {
    reason: "format_not_ocsf",
    action: "Choose the format ocsf for this destination, or the layout cistern",
  });
}

function parsed(text: string): OcsfEvent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as OcsfEvent) : undefined;
  } catch {
    return undefined;
  }
}
