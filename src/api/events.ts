import { z } from "@hono/zod-openapi";
import { eventFlags, eventKey, type StoredEvent } from "../model/event.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { countEvents, countTypes, histogram, knownSources } from "./event-counts.ts";
import { type EventFilter, eventFilter, filterRecord, type Wanted, wantedOf } from "./event-filter.ts";
import { recordRead } from "./record.ts";
import { type ApiRoute, type Call, route } from "./route.ts";
import { Instant } from "./schemas.ts";

const tag = "events";
const permission = "events.read" as const;

const eventRow = {
  seq: z.int(),
  key: z.string(),
  eventId: z.string(),
  collectorId: z.string(),
  collector: z.string(),
  dataSource: z.string(),
  type: z.string(),
  time: z.string(),
  timeMs: z.number(),
  ingestedAt: Instant,
  siteName: z.string().optional(),
  user: z.string().optional(),
  summary: z.string(),
  conversation: z.string().optional(),
};

const EventRowSchema = z.object(eventRow).openapi("EventRow");
const EventPage = z
  .object({ events: z.array(EventRowSchema).readonly(), next: z.string().optional() })
  .openapi("EventPage");

const EventDetail = z
  .object({
    ...eventRow,
    metadata: z.object({
      connector: z.string(),
      siteId: z.string().optional(),
      timezone: z.string().optional(),
      flags: z.array(z.string()).readonly(),
      origin: z.object({ fileId: z.string(), fileSha256: z.string(), line: z.int() }),
      contentHash: z.string(),
      sizeBytes: z.int(),
    }),
    raw: z.string().optional(),
    rawBase64: z.string().optional(),
  })
  .openapi("EventDetail");

const Histogram = z
  .object({
    stepMs: z.number(),
    from: z.number(),
    to: z.number(),
    buckets: z.array(z.object({ at: z.number(), events: z.number() })).readonly(),
  })
  .openapi("Histogram");

const Types = z.array(z.object({ type: z.string(), events: z.number() })).readonly();
const Sources = z.array(z.object({ name: z.string(), title: z.string() })).readonly();
const Seq = z.object({ seq: z.coerce.number().int().positive() });
const Filter = z.object(eventFilter);
const PageQuery = Filter.extend({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(500).optional(),
});
const HistogramQuery = Filter.extend({ buckets: z.coerce.number().int().min(2).max(500).default(120) });

/** Events: content. Each reading is in the access record before it is answered. */
export const eventRoutes = (deps: ApiDeps): readonly ApiRoute[] => [...listRoutes(deps), ...eventDetailRoutes(deps)];

function listRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { method: "get", tag, permission } as const;
  return [
    route(
      { ...common, path: "/events", summary: "Events, newest first", query: PageQuery, answer: EventPage },
      (call) => listEvents(deps, call),
    ),
    route(
      {
        ...common,
        path: "/events/count",
        summary: "How many events",
        query: Filter,
        answer: z.object({ count: z.int(), exact: z.boolean() }),
      },
      async (call) => {
        recordSearch(deps, call, "events.count");
        return countEvents(deps, await wantedOf(deps, call.query));
      },
    ),
    route(
      {
        ...common,
        path: "/events/histogram",
        summary: "Events over time",
        query: HistogramQuery,
        answer: Histogram,
      },
      async (call) => {
        recordSearch(deps, call, "events.histogram");
        return histogram(deps, await wantedOf(deps, call.query), call.query.buckets);
      },
    ),
    route(
      { ...common, path: "/events/types", summary: "Which types of events there are", query: Filter, answer: Types },
      async (call) => {
        recordSearch(deps, call, "events.types");
        return countTypes(deps, await wantedOf(deps, call.query));
      },
    ),
    route(
      { ...common, path: "/events/data-sources", summary: "Which data sources events can be from", answer: Sources },
      () => knownSources(deps),
    ),
  ];
}

function eventDetailRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { method: "get", tag, permission, params: Seq } as const;
  const find = async ({ c, params }: Call<z.infer<typeof Seq>, unknown, unknown>, action: string) => {
    const event = await deps.reader.event(params.seq);
    if (event === undefined) throw new Refusal("not_found", `There is no event ${params.seq}`);
    recordRead(deps, c, action, eventKey(event));
    return event;
  };
  return [
    route(
      { ...common, path: "/events/{seq}", summary: "One event with its exact text", answer: EventDetail },
      async (call) => detailOf(deps, await find(call, "event.read")),
    ),
    route(
      {
        ...common,
        path: "/events/{seq}/raw",
        summary: "The exact bytes of one event",
        media: "application/octet-stream",
      },
      async (call) => {
        const event = await find(call, "event.downloaded");
        return call.c.body(new Uint8Array(event.raw), 200, {
          "content-type": "application/octet-stream",
          "content-disposition": `attachment; filename="event-${event.seq}.json"`,
        });
      },
    ),
  ];
}

async function listEvents(deps: ApiDeps, { c, query }: Call<unknown, z.infer<typeof PageQuery>, unknown>) {
  const wanted = await wantedOf(deps, query);
  const { events, next } = wanted.needsIndex
    ? await searchPage(deps, wanted, query)
    : await timePage(deps, wanted, query);
  const action = wanted.needsIndex ? "events.search" : "events.list";
  recordRead(deps, c, action, undefined, { ...filterRecord(query), rows: events.length });
  const names = collectorNames(deps);
  return { events: events.map((event) => rowOf(deps, names, event)), next };
}

interface PageOf {
  readonly limit: number;
  readonly after?: string | undefined;
}

async function searchPage({ search, reader }: ApiDeps, { query, sources }: Wanted, { limit, after }: PageOf) {
  if (sources.length === 0) return { events: [], next: undefined };
  const { hits, next } = await search.search(query, { after, limit });
  return { events: await reader.eventsBySeq(hits.map(({ seq }) => seq)), next };
}

async function timePage({ reader }: ApiDeps, { sources, fromUs, toUs, types }: Wanted, { limit, after }: PageOf) {
  const type = types?.[0];
  if (sources.length === 0) return { events: [], next: undefined };
  const before = after === undefined ? undefined : placeOf(after);
  const events = await reader.readByTime({ sources, fromUs, toUs, type, before, limit: limit + 1 });
  const page = events.slice(0, limit);
  const last = page.at(-1);
  return { events: page, next: events.length > limit && last ? `${last.timeKey}.${last.seq}` : undefined };
}

function placeOf(after: string) {
  const [, timeKey, seq] = /^(\d{1,16})\.(\d{1,16})$/.exec(after) ?? [];
  if (timeKey !== undefined && seq !== undefined) return { timeKey: Number(timeKey), seq: Number(seq) };
  throw new Refusal("invalid", "Not valid: after", { fields: { after: "Expected what the page before gave as next" } });
}

// A count tells whether a word was written, so it is a reading where words were asked for.
function recordSearch(deps: ApiDeps, { c, query }: Call<unknown, EventFilter, unknown>, action: string) {
  if (query.q !== undefined && query.q !== "") recordRead(deps, c, action, undefined, filterRecord(query));
}

type Names = ReadonlyMap<string, { readonly name: string; readonly connector: string }>;

const collectorNames = ({ control }: ApiDeps): Names =>
  new Map(control.collectors().map(({ id, name, connector }) => [id, { name, connector }]));

function rowOf({ describe }: ApiDeps, names: Names, event: StoredEvent): z.infer<typeof EventRowSchema> {
  const { seq, eventId, collectorId, dataSource, type, time, timeKey, ingestedAt, siteName } = event;
  return {
    seq,
    key: eventKey(event),
    eventId,
    collectorId,
    collector: names.get(collectorId)?.name ?? collectorId,
    dataSource,
    type,
    time,
    timeMs: timeKey / 1_000,
    ingestedAt,
    siteName,
    ...describe(event),
  };
}

function detailOf(deps: ApiDeps, event: StoredEvent): z.infer<typeof EventDetail> {
  const names = collectorNames(deps);
  const { siteId, timezone, fileId, fileSha256, line, contentHash, raw, flags } = event;
  return {
    ...rowOf(deps, names, event),
    metadata: {
      connector: names.get(event.collectorId)?.connector ?? "",
      siteId,
      timezone,
      flags: Object.entries(eventFlags)
        .filter(([, bit]) => flags & bit)
        .map(([name]) => name),
      origin: { fileId, fileSha256, line },
      contentHash,
      sizeBytes: raw.length,
    },
    ...textOf(raw),
  };
}

// A byte that is no UTF-8 must not be shown as another.
function textOf(raw: Uint8Array): { readonly raw?: string; readonly rawBase64?: string } {
  try {
    return { raw: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw) };
  } catch (error) {
    if (error instanceof TypeError) return { rawBase64: Buffer.from(raw).toString("base64") };
    throw error;
  }
}
