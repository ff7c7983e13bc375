import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import type { RewindForecast } from "../model/rewind.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest, type Sent } from "../testing/fake-api.ts";
import { aState } from "../testing/fake-reader.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
let id: string;
beforeEach(async () => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
  const body = {
    name: "acme-prod",
    connector: "acme",
    settings: { token: "sk-123456", workspace: "w1" },
    dataSources: ["messages"],
  };
  const made = await api.send("POST", "/collectors", { as: "operator", body });
  id = ((await made.json()) as { collector: { id: string } }).collector.id;
  api.data.states = [aState({ collectorId: id, dataSource: "messages" }, { cursor: "2026-07-15T12:00:00Z" })];
  api.engine.forecast = { ...(api.engine.forecast as RewindForecast), ...found };
});
afterEach(() => api.close());

const found = {
  cursor: "2026-07-15T12:00:00Z",
  listed: { files: 5, bytes: 5_000 },
  toFetch: { files: 2, bytes: 2_000 },
  here: { files: 3, bytes: 3_000 },
  hereIds: ["f1", "f2", "f3"],
  after: 7,
};
const to = "2026-07-01T00:00:00Z";

async function send(path: string, body?: object, as: Sent["as"] = "operator") {
  const answer = await api.send("POST", `/collectors/${id}/data-sources/messages/rewind${path}`, { as, body });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}
const token = async () => (await send("/forecast", { to })).body.token as string;
async function records(): Promise<unknown> {
  const rows = (await (await api.send("GET", "/access-record?limit=50", { as: "auditor" })).json()) as Row[];
  return rows.map(({ action, detail }) => [action, detail]);
}

interface Row {
  readonly action: string;
  readonly detail: unknown;
}

test("a forecast tells what would be fetched, and changes nothing", async () => {
  const key = { collectorId: id, dataSource: "messages" };
  api.engine.activity = [
    { key, phase: "waiting", nextScanAt: undefined, filesInWork: 0, requestsPerMinute: { list: 90, download: 60 } },
  ];

  const { status, body } = await send("/forecast", { to });

  expect(status).toBe(200);
  expect(body).toMatchObject({
    to,
    cursor: found.cursor,
    toFetch: found.toFetch,
    here: found.here,
    secondsToFetch: 2,
    secondsToRefetch: 3,
  });
  expect(body.hereIds).toBeUndefined();
  expect(api.engine.forecasts).toEqual([`${id} messages ${to}`]);
  expect(api.data.rewinds).toEqual([]);
});

test("confirmed, it is requested once, on record with who asked for it", async () => {
  const given = await token();

  expect((await send("", { token: given, refetch: true })).status).toBe(204);
  expect((await send("", { token: given })).body.code).toBe("rewind_stale");

  expect(api.data.rewinds).toMatchObject([
    { dataSource: "messages", to, after: 7, again: ["f1", "f2", "f3"], by: expect.stringContaining("operator") },
  ]);
  expect(api.engine.scans).toContain(id);
  expect(await records()).toContainEqual([
    "data_source.rewound",
    { dataSource: "messages", to, from: found.cursor, filesToFetch: 2, filesAgain: 3 },
  ]);
});

test("without refetch, nothing that is here is fetched again", async () => {
  await send("", { token: await token() });

  expect(api.data.rewinds).toMatchObject([{ again: [] }]);
});

test("a forecast that is too old, of another data source or made up is refused", async () => {
  const given = await token();
  api.clock.now += 10 * 60_000;

  expect((await send("", { token: given })).body).toMatchObject({ status: 409, code: "rewind_stale" });
  expect((await send("", { token: "made-up" })).body.code).toBe("rewind_stale");
  expect(api.data.rewinds).toEqual([]);
});

test("a viewer may neither forecast nor rewind, and what cannot be rewound is refused with the reason", async () => {
  expect((await send("/forecast", { to }, "viewer")).status).toBe(403);
  expect((await send("", { token: "x" }, "viewer")).status).toBe(403);
  expect((await send("/cancel", undefined, "viewer")).status).toBe(403);
  expect((await send("/cancel")).status).toBe(404);
  api.data.states = [];
  expect((await send("/forecast", { to })).body).toMatchObject({ status: 400, code: "rewind_ahead" });
});

test("a rewind that is open can be cancelled, on record", async () => {
  api.data.rewinding = true;

  expect((await send("/cancel")).status).toBe(204);

  expect(await records()).toContainEqual(["data_source.rewind_cancelled", { dataSource: "messages" }]);
});

test("a collector tells how its backlog gets on, and its last rewind", async () => {
  const [state] = api.data.states;
  const counts = { ...state!.counts, filesDone: 30, filesPending: 70, filesPendingBytes: 7_000 };
  const again = { files: 2, bytes: 9, done: 1, failed: 0, inserted: 0 };
  const rewind = {
    id: 1,
    to,
    from: found.cursor,
    requestedAt: to,
    requestedBy: "ada",
    phase: "rereading",
    again,
  } as const;
  api.data.states = [{ ...state!, counts, rewind }];
  api.data.pace = { files: 10, bytes: 1_000, events: 50 };
  api.clock.now += 600_000;

  const answer = await api.send("GET", `/collectors/${id}`, { as: "viewer" });
  // biome-ignore lint/suspicious/noExplicitAny: the OpenAPI document checks the shape
  const body = (await answer.json()) as any;

  expect(body.backlog).toMatchObject({ filesDone: 30, filesListed: 100, bytesLeft: 7_000 });
  expect(body.sources[0]).toMatchObject({
    backlog: { filesDone: 30, filesListed: 100, filesPerMinute: 2, eventsPerSecond: 0.2 },
    rewind: { phase: "rereading", requestedBy: "ada", again },
  });
});
