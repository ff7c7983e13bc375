import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { aState, aStoredEvent } from "../testing/fake-reader.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
  api.data.states = [
    aState({ collectorId: "col_1", dataSource: "messages" }),
    aState({ collectorId: "col_1", dataSource: "audit-log" }),
    aState({ collectorId: "col_2", dataSource: "messages" }),
  ];
  api.data.events = [
    aStoredEvent({ seq: 1, raw: '{"text":"alpha"}' }),
    aStoredEvent({ seq: 2, raw: '{"text":"beta"}', dataSource: "audit-log", type: "AUDIT" }),
    aStoredEvent({ seq: 3, raw: '{"text":"alpha beta"}' }),
    aStoredEvent({ seq: 4, raw: '{"text":"alpha"}', collectorId: "col_2" }),
  ];
});
afterEach(() => api.close());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asked for; the OpenAPI document checks it
  readonly body: any;
}

async function get(path: string): Promise<Answer> {
  const answer = await api.send("GET", path, { as: "analyst" });
  return { status: answer.status, body: await answer.json() };
}
const seqs = ({ body }: Answer) => body.events.map(({ seq }: { seq: number }) => seq);
const lastRecord = () => api.access.accessRecord({ limit: 1 })[0];

test("events come newest first, page by page, each once", async () => {
  const first = await get("/events?limit=3");
  const second = await get(`/events?limit=3&after=${first.body.next}`);

  expect([...seqs(first), ...seqs(second)]).toEqual([4, 3, 2, 1]);
  expect(second.body.next).toBeUndefined();
  expect(first.body.events[1]).toMatchObject({
    key: "col_1:e3:0000000000000000",
    collector: "col_1",
    dataSource: "messages",
    summary: '{"text":"alpha beta"}',
    timeMs: Date.parse("2026-07-15T11:00:03Z"),
  });
});

test("filters narrow the list: collector, data source, type, time", async () => {
  expect(seqs(await get("/events?collector=col_1"))).toEqual([3, 2, 1]);
  expect(seqs(await get("/events?collector=col_1&collector=col_2&source=messages"))).toEqual([4, 3, 1]);
  expect(seqs(await get("/events?type=AUDIT"))).toEqual([2]);
  expect(seqs(await get("/events?from=2026-07-15T11:00:02Z&to=2026-07-15T13:00:04%2B02:00"))).toEqual([3, 2]);
  expect(seqs(await get("/events?collector=col_none"))).toEqual([]);
  expect(api.searches).toEqual([]);
});

test("words are asked of the index, with the other filters within the query", async () => {
  const first = await get("/events?q=alpha&limit=2");
  const second = await get(`/events?q=alpha&limit=2&after=${first.body.next}`);
  const narrowed = await get("/events?q=alpha&collector=col_1&from=2026-07-15T11:00:02Z");

  expect([...seqs(first), ...seqs(second)]).toEqual([4, 3, 1]);
  expect(seqs(narrowed)).toEqual([3]);
  expect(api.searches.at(-1)).toMatchObject({
    text: "alpha",
    sources: [
      { collectorId: "col_1", dataSource: "messages" },
      { collectorId: "col_1", dataSource: "audit-log" },
    ],
    fromUs: Date.parse("2026-07-15T11:00:02Z") * 1_000,
  });
});

test("several values of a filter mean any of them, beside the words and without", async () => {
  api.data.events = api.data.events.map((event) => ({ ...event, siteId: `site_${event.seq}`, siteName: "hq" }));

  expect(seqs(await get("/events?type=AUDIT&type=MESSAGE"))).toEqual([4, 3, 2, 1]);
  expect(seqs(await get("/events?type=AUDIT&type=NONE"))).toEqual([2]);
  expect(seqs(await get("/events?site=site_1&site=site_4"))).toEqual([4, 1]);
  expect(seqs(await get("/events?q=beta&type=AUDIT&type=MESSAGE&site=hq"))).toEqual([3, 2]);
  expect((await get("/events/count?type=AUDIT&type=MESSAGE")).body).toEqual({ count: 4, exact: true });
  expect((await get("/events/histogram?type=AUDIT&type=NONE")).body.buckets).toMatchObject([{ events: 1 }]);
  expect(lastRecord()).toMatchObject({ action: "events.search", detail: { type: ["AUDIT", "MESSAGE"], site: ["hq"] } });
});

test("a type or a site beside the words cannot be outvoted by an OR, nor change the query", async () => {
  await get(`/events?${new URLSearchParams({ q: "a OR b", type: 'X" OR c', site: "site_1" })}`);

  expect(api.searches.at(-1)).toMatchObject({ text: "a OR b", types: ['X" OR c'], sites: ["site_1"] });
});

test("a query that cannot be read is refused at its field", async () => {
  const { status, body } = await get(`/events?q=${encodeURIComponent("(alpha")}`);

  expect(status).toBe(400);
  expect(body).toMatchObject({ code: "query_invalid", fields: { q: expect.stringContaining("character 1") } });
});

test("what is not a filter's value is refused", async () => {
  for (const query of ["limit=0", "limit=501", "from=yesterday", "after=x", "after=1.2.3", "q=a&q=b"]) {
    const { status, body } = await get(`/events?${query}`);
    expect(status, query).toBe(400);
    expect(body.code).toBe("invalid");
  }
});

test("counts come from what the store knows, or from the index", async () => {
  expect((await get("/events/count")).body).toEqual({ count: 4, exact: true });
  expect((await get("/events/count?type=AUDIT")).body).toEqual({ count: 1, exact: true });
  expect(api.searches).toEqual([]);
  expect((await get("/events/count?q=alpha")).body).toEqual({ count: 3, exact: true });
  expect((await get("/events/count?from=2026-07-15T11:00:03Z")).body.count).toBe(2);
  expect((await get("/events/count?q=alpha&collector=none")).body).toEqual({ count: 0, exact: true });
});

test("a histogram is cut into round buckets that cover the period", async () => {
  const { body } = await get("/events/histogram?from=2026-07-15T10:00:00Z&to=2026-07-15T12:00:00Z&buckets=30");
  const words = await get("/events/histogram?from=2026-07-15T10:00:00Z&to=2026-07-15T12:00:00Z&buckets=30&q=alpha");

  expect(body).toEqual({
    stepMs: 300_000,
    from: Date.parse("2026-07-15T10:00:00Z"),
    to: Date.parse("2026-07-15T12:00:00Z"),
    buckets: [{ at: Date.parse("2026-07-15T11:00:00Z"), events: 4 }],
  });
  expect(words.body.buckets).toEqual([{ at: Date.parse("2026-07-15T11:00:00Z"), events: 3 }]);
  expect((await get("/events/histogram")).body.buckets).toHaveLength(1);
  expect((await get("/events/histogram?from=2026-07-15T10:00:00Z&to=2026-07-15T10:00:00Z")).status).toBe(400);
});

test("types are those of the period and of every filter, with their counts", async () => {
  const types = async (query: string) => (await get(`/events/types?${query}`)).body;
  const [message, audit] = ["MESSAGE", "AUDIT"].map((type) => ({ type, events: 1 }));

  expect(await types("")).toEqual([{ type: "MESSAGE", events: 3 }, audit]);
  expect(await types("from=2026-07-15T11:00:03Z")).toEqual([{ type: "MESSAGE", events: 2 }]);
  expect(await types("to=2026-07-15T11:00:03Z")).toEqual([message, audit]);
  expect(await types("q=beta")).toEqual([message, audit]);
  expect(lastRecord()).toMatchObject({ action: "events.types", detail: { q: "beta" } });
  expect(await types("q=beta&type=AUDIT")).toEqual([audit]);
  expect(await types("site=elsewhere")).toEqual([]);
  expect(await types("collector=none&q=beta")).toEqual([]);
});

test("data sources are those of the collectors and of kept events, the user's own among them", async () => {
  const collector = api.control.createCollector(
    {
      name: "acme",
      connector: "acme",
      settings: {},
      dataSources: ["messages", "NEW_KIND"],
      pausedDataSources: [],
      siteId: undefined,
      timezone: undefined,
      start: undefined,
      pollIntervalMs: 1,
      overlapMs: 1,
      requestsPerMinute: "auto",
      retentionDays: undefined,
      paused: false,
      managedBy: "console",
    },
    {},
  );
  api.data.states = [aState({ collectorId: "gone", dataSource: "old-kind" })];

  expect((await get("/events/data-sources")).body).toEqual([
    { name: "messages", title: "messages" },
    { name: "NEW_KIND", title: "NEW_KIND" },
    { name: "old-kind", title: "old-kind" },
  ]);
  api.control.deleteCollector(collector.id);
  expect((await get("/events/data-sources")).body).toEqual([{ name: "old-kind", title: "old-kind" }]);
});

test("types are those of the chosen data sources", async () => {
  expect((await get("/events/types?source=audit-log")).body).toEqual([{ type: "AUDIT", events: 1 }]);
});

describe("one event", () => {
  const raw = '{"id":12345678901234567890, "a":1,"a":2, "u":"\\u0000\\ud800"}';

  test("shows its text exactly, which a parser would change", async () => {
    api.data.events = [aStoredEvent({ seq: 9, raw, flags: 1, siteId: "site_1", siteName: "hq", timezone: "UTC" })];

    const { body } = await get("/events/9");

    expect(body.raw).toBe(raw);
    expect(body).toMatchObject({
      siteName: "hq",
      metadata: {
        siteId: "site_1",
        timezone: "UTC",
        flags: ["syntheticId"],
        origin: { fileId: "file_1", line: 9 },
        sizeBytes: raw.length,
      },
    });
  });

  test("that is not UTF-8 is shown as base64, and its bytes are downloaded as they are", async () => {
    const bytes = new Uint8Array([0x7b, 0xff, 0x7d]);
    api.data.events = [aStoredEvent({ seq: 9, raw: bytes })];

    const { body } = await get("/events/9");
    const download = await api.send("GET", "/events/9/raw", { as: "analyst" });

    expect(body.raw).toBeUndefined();
    expect(body.rawBase64).toBe(Buffer.from(bytes).toString("base64"));
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(bytes);
    expect(download.headers.get("content-disposition")).toBe('attachment; filename="event-9.json"');
    expect(download.headers.get("content-type")).toBe("application/octet-stream");
    expect(download.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("that does not exist is not found", async () => {
    expect((await get("/events/99")).status).toBe(404);
    expect((await get("/events/nine")).status).toBe(400);
  });
});

describe("the access record", () => {
  test("says who read what, and nothing of the content", async () => {
    await get("/events?q=alpha&collector=col_1");
    expect(lastRecord()).toMatchObject({
      who: "token analyst",
      action: "events.search",
      detail: { q: "alpha", collector: ["col_1"], rows: 2 },
    });
    await get("/events");
    expect(lastRecord()).toMatchObject({ action: "events.list", detail: { rows: 4 } });
    await get("/events/3");
    expect(lastRecord()).toMatchObject({ action: "event.read", object: "col_1:e3:0000000000000000" });
    await api.send("GET", "/events/3/raw", { as: "analyst" });
    expect(lastRecord()).toMatchObject({ action: "event.downloaded" });
    await get("/events/count?q=beta");
    expect(lastRecord()).toMatchObject({ action: "events.count", detail: { q: "beta" } });
    expect(JSON.stringify(api.access.accessRecord({ limit: 100 }))).not.toContain("alpha beta");
  });

  test("comes first: where it cannot be written, no content is given out", async () => {
    const failing = {
      ...api.deps,
      access: {
        ...api.access,
        record: () => {
          throw new Error("the disk is full");
        },
      },
    };
    const app = createApi(failing as never);
    const headers = { authorization: `Bearer ${api.tokenOf("analyst")}` };

    for (const path of [
      "/events",
      "/events?q=alpha",
      "/events/3",
      "/events/3/raw",
      "/events/count?q=alpha",
      "/events/histogram?q=alpha",
    ]) {
      const answer = await app.request(`/api/v1${path}`, { headers });
      expect(answer.status, path).toBe(500);
      expect(await answer.text()).not.toContain("alpha");
    }
  });
});
