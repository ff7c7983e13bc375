import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest, type Sent } from "../testing/fake-api.ts";
import { aState, aStoredEvent } from "../testing/fake-reader.ts";
import { createApi } from "./app.ts";
import { resumeRemovals } from "./removals.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const secret = "sk-canary-0123456789";
const acme = {
  name: "acme-prod",
  connector: "acme",
  settings: { token: secret, workspace: "w1" },
  dataSources: ["messages"],
};

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asked for; the OpenAPI document checks it
  readonly body: any;
}

/** As an operator; no answer may hold a secret. */
async function send(method: string, path: string, body?: unknown, as: Sent["as"] = "operator"): Promise<Answer> {
  const answer = await api.send(method, path, { as, body });
  const text = await answer.text();
  expect(text).not.toContain("canary");
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

const install = async (change: object = {}) =>
  (await send("POST", "/collectors", { ...acme, ...change })).body.collector.id as string;
const settingsInForce = (id: string) => api.engine.plans.find(({ collector }) => collector.id === id)?.settings;

describe("installing", () => {
  test("a collector starts at once, and its secret never comes back", async () => {
    const { status, body } = await send("POST", "/collectors", {
      ...acme,
      timezone: "Europe/Berlin",
      pollInterval: "90s",
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      warnings: [],
      collector: {
        name: "acme-prod",
        health: "starting",
        settings: { workspace: "w1" },
        secrets: [{ name: "token", last4: "6789" }],
        pollInterval: "90s",
        timezone: "Europe/Berlin",
        sources: [{ name: "messages", health: "starting" }],
      },
    });
    expect(api.engine.plans[0]?.settings).toMatchObject({ token: secret });
  });

  test("what is wrong is said at its field, and nothing is installed", async () => {
    const wrong = async (change: object) => (await send("POST", "/collectors", { ...acme, ...change })).body;

    expect(await wrong({ settings: { workspace: "canary", token: secret } })).toMatchObject({
      code: "invalid",
      fields: { workspace: "A workspace is w and a number" },
    });
    expect(await wrong({ settings: { workspace: "w1" } })).toMatchObject({ fields: { token: expect.any(String) } });
    expect(await wrong({ timezone: "Mars/Olympus" })).toMatchObject({
      fields: { timezone: expect.stringContaining("IANA") },
    });
    expect(await wrong({ start: "yesterday" })).toMatchObject({ fields: { start: expect.stringContaining("2026") } });
    expect(await wrong({ overlap: "soon" })).toMatchObject({ fields: { overlap: expect.stringContaining("24h") } });
    expect(await wrong({ dataSources: [] })).toMatchObject({
      fields: { dataSources: "Choose at least one data source" },
    });
    expect(await wrong({ dataSources: ["nothing"] })).toMatchObject({ code: "unknown_data_source" });
    expect(await wrong({ dataSources: ["messages", "MESSAGE"] })).toMatchObject({ code: "duplicate_data_source" });
    expect(await wrong({ connector: "nothing" })).toMatchObject({ code: "unknown_connector" });
    expect(await wrong({ siteId: "site_no" })).toMatchObject({ code: "not_found" });
    expect(await wrong({ name: "" })).toMatchObject({ code: "name_invalid", fields: { name: expect.any(String) } });
    expect(api.control.collectors()).toEqual([]);
    expect(api.engine.applied).toBe(0);
  });

  test("a name that is taken is refused at its field", async () => {
    await install();

    const { status, body } = await send("POST", "/collectors", {
      ...acme,
      name: "ACME-prod",
      settings: { ...acme.settings, workspace: "w2" },
    });

    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "name_taken", fields: { name: expect.any(String) } });
  });

  test("a second collector on the same workspace and data source is warned of, and installed if that is accepted", async () => {
    await install();
    const second = { ...acme, name: "second" };

    const refused = await send("POST", "/collectors", { ...second, dataSources: ["audit-log", "MESSAGE"] });
    const accepted = await send("POST", "/collectors", { ...second, acceptWarnings: true });
    const other = await send("POST", "/collectors", { ...second, name: "third", dataSources: ["audit-log"] });

    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: "same_target",
      collectors: ["acme-prod"],
      detail: expect.stringContaining("acme-prod"),
    });
    expect(accepted.body.warnings).toEqual(["acme-prod already collects messages from there"]);
    expect(other.body.warnings).toEqual([]);
  });

  test("without the secret key nothing is installed, and the reason is said", async () => {
    await install();
    const { rmSync } = await import("node:fs");
    rmSync(`${api.folder}/secret.key`);
    const reopened = openControl({
      path: `${api.folder}/control.db`,
      secretKeyPath: `${api.folder}/secret.key`,
      now: () => new Date(api.clock.now),
      randomBytes: (count) => new Uint8Array(count).fill(9),
    });
    const deps = { ...api.deps, ...reopened };
    const app = createApi(deps as never);

    const answer = await app.request("/api/v1/collectors", {
      method: "POST",
      headers: { authorization: `Bearer ${api.tokenOf("operator")}`, "content-type": "application/json" },
      body: JSON.stringify({ ...acme, name: "second" }),
    });
    reopened.control.close();

    expect(await answer.json()).toMatchObject({
      status: 409,
      code: "secret_key_missing",
      action: expect.stringContaining("secret.key"),
    });
  });
});

describe("changing", () => {
  test("a rename leaves everything else, and is recorded without values", async () => {
    const id = await install();

    const { body } = await send("PATCH", `/collectors/${id}`, { name: "renamed", retentionDays: 30, siteId: null });

    expect(body.collector).toMatchObject({ name: "renamed", retentionDays: 30, settings: { workspace: "w1" } });
    expect(body.collector.secrets).toHaveLength(1);
    expect(api.access.accessRecord({ limit: 1 })[0]).toMatchObject({
      who: "token operator",
      action: "collector.changed",
      object: id,
      detail: { changed: expect.arrayContaining(["name", "retentionDays"]) },
    });
  });

  test("another address removes the token, says so, and the engine goes there without one", async () => {
    const id = await install();

    const { body } = await send("PATCH", `/collectors/${id}`, {
      settings: { workspace: "w1", base_url: "https://evil.example/v1" },
    });

    expect(body.warnings).toEqual(["The address changed, so the stored token was removed: enter it again"]);
    expect(body.collector).toMatchObject({ secrets: [], health: "failed", fault: "configuration" });
    expect(body.collector.errors).toMatchObject([
      { type: "configuration", reason: "setting_missing", docs: "errors#setting_missing" },
    ]);
    expect(settingsInForce(id)).toBeUndefined();
  });

  test("another address with a new token keeps the new one", async () => {
    const id = await install();

    const { body } = await send("PATCH", `/collectors/${id}`, {
      settings: { workspace: "w1", base_url: "https://eu.acme.example", token: "sk-canary-another-abcd" },
    });

    expect(body.warnings).toEqual([]);
    expect(body.collector.secrets).toMatchObject([{ last4: "abcd" }]);
  });

  test("the documented address written out is the same address", async () => {
    const id = await install();

    const { body } = await send("PATCH", `/collectors/${id}`, {
      settings: { workspace: "w1", base_url: "https://api.acme.example/v1/" },
    });

    expect(body.collector.secrets).toHaveLength(1);
  });

  test("a refused change changes nothing, the secret included", async () => {
    const id = await install();
    await install({ name: "taken", dataSources: ["audit-log"] });

    const taken = await send("PATCH", `/collectors/${id}`, {
      name: "taken",
      settings: { workspace: "w1", base_url: "https://x.example" },
    });
    const wrong = await send("PATCH", `/collectors/${id}`, { settings: { workspace: "nonsense" } });
    const same = await send("PATCH", `/collectors/${id}`, { dataSources: ["messages", "audit-log"] });

    expect(taken.body).toMatchObject({ code: "name_taken" });
    expect(wrong.body).toMatchObject({ code: "invalid", fields: { workspace: expect.any(String) } });
    expect(same.body).toMatchObject({ code: "same_target" });
    expect((await send("GET", `/collectors/${id}`)).body).toMatchObject({
      settings: { workspace: "w1" },
      secrets: [{ last4: "6789" }],
    });
  });

  test("another workspace is refused with the way to collect it, and the same one in another spelling is not", async () => {
    const id = await install();

    const { status, body } = await send("PATCH", `/collectors/${id}`, { settings: { workspace: "w2" } });
    const none = await send("PATCH", `/collectors/${id}`, { settings: { base_url: "https://eu.acme.example" } });
    const same = await send("PATCH", `/collectors/${id}`, { settings: { workspace: " w1 " } });

    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: "target_changed",
      detail: "The Workspace of acme-prod cannot be changed once it is installed",
      action: expect.stringContaining("Duplicate the collector, or create a new one"),
      fields: { workspace: "Fixed since this collector was installed" },
    });
    expect(none.status).toBe(400);
    expect(same.status).toBe(200);
    expect(settingsInForce(id)).toMatchObject({ token: secret, workspace: "w1" });
  });

  test("a fixed setting that was never given may be added, and then stays", async () => {
    const id = await install();

    const added = await send("PATCH", `/collectors/${id}`, { settings: { workspace: "w1", organization: "org-1" } });
    const other = await send("PATCH", `/collectors/${id}`, { settings: { workspace: "w1", organization: "org-2" } });
    const gone = await send("PATCH", `/collectors/${id}`, { settings: { workspace: "w1" } });

    expect(added.status).toBe(200);
    expect(other.body).toMatchObject({ code: "target_changed", fields: { organization: expect.any(String) } });
    expect(gone.body).toMatchObject({ code: "target_changed" });
  });

  test("a secret is replaced, and one that the connector does not have is refused", async () => {
    const id = await install();

    const replaced = await send("PUT", `/collectors/${id}/secrets/token`, { value: "sk-canary-other-wxyz" });
    const unknown = await send("PUT", `/collectors/${id}/secrets/other`, { value: "sk-canary" });

    expect(replaced.body).toMatchObject({ name: "token", last4: "wxyz" });
    expect(settingsInForce(id)).toMatchObject({ token: "sk-canary-other-wxyz" });
    expect(unknown.status).toBe(404);
  });

  test("one of the configuration file is read-only but for pausing", async () => {
    const id = await install();
    (api.control as unknown as { updateFromFile(id: string, change: object): void }).updateFromFile(id, {
      managedBy: "file",
    });

    expect((await send("PATCH", `/collectors/${id}`, { name: "x" })).body).toMatchObject({
      status: 409,
      code: "managed_by_file",
    });
    expect((await send("PUT", `/collectors/${id}/secrets/token`, { value: "sk-canary-1234" })).body).toMatchObject({
      code: "managed_by_file",
    });
    expect((await send("DELETE", `/collectors/${id}`)).body).toMatchObject({ code: "managed_by_file" });
    expect((await send("POST", `/collectors/${id}/pause`)).status).toBe(204);
  });
});

describe("running", () => {
  test("pause and resume reach the engine, for a collector and for one data source", async () => {
    const id = await install({ dataSources: ["messages", "audit-log"] });

    expect((await send("POST", `/collectors/${id}/pause`)).status).toBe(204);
    expect(api.engine.plans[0]?.collector.paused).toBe(true);
    expect((await send("GET", `/collectors/${id}`)).body).toMatchObject({ health: "paused", paused: true });
    await send("POST", `/collectors/${id}/resume`);
    await send("POST", `/collectors/${id}/data-sources/audit-log/pause`);
    await send("POST", `/collectors/${id}/data-sources/audit-log/pause`);
    expect(api.engine.plans[0]?.collector).toMatchObject({ paused: false, pausedDataSources: ["audit-log"] });
    await send("POST", `/collectors/${id}/data-sources/audit-log/resume`);
    expect(api.engine.plans[0]?.collector.pausedDataSources).toEqual([]);
    expect((await send("POST", `/collectors/${id}/data-sources/nothing/pause`)).status).toBe(404);
  });

  test("a scan is asked of the engine", async () => {
    const id = await install();

    expect((await send("POST", `/collectors/${id}/scan`)).status).toBe(204);
    expect(api.engine.scans).toEqual([id]);
    expect((await send("POST", "/collectors/col_no/scan")).status).toBe(404);
  });

  test("a file that was set aside is tried again, a gap acknowledged by whoever says so", async () => {
    const id = await install();
    api.data.holes = [
      {
        dataSource: "messages",
        id: "file_9",
        endTime: "2026-07-15T10:00:00Z",
        size: 10,
        sha256: undefined,
        state: "quarantined",
        listedAt: "2026-07-15T10:10:00Z",
        attempts: 3,
        retryAt: undefined,
        missingSince: undefined,
        error: {
          code: "protocol",
          reason: "hash_mismatch",
          message: "Other bytes",
          action: "Wait.",
          since: "2026-07-15T10:10:00Z",
          at: "2026-07-15T11:00:00Z",
          count: 3,
        },
      },
    ];
    api.data.gaps = [
      {
        id: 4,
        collectorId: id,
        dataSource: "messages",
        from: "2026-06-01T00:00:00Z",
        to: "2026-06-02T00:00:00Z",
        reason: "expired_upstream",
        files: 1,
        fileId: "file_1",
        recordedAt: "2026-07-01T00:00:00Z",
        acknowledgedAt: undefined,
        acknowledgedBy: undefined,
      },
    ];

    const { body } = await send("GET", `/collectors/${id}`);
    expect(body.errors).toMatchObject([
      {
        type: "file",
        code: "protocol",
        reason: "hash_mismatch",
        fileId: "file_9",
        docs: "errors#hash_mismatch",
        count: 3,
      },
      { type: "gap", reason: "expired_upstream", id: 4, acknowledged: false },
    ]);
    expect((await send("POST", `/collectors/${id}/files/file_9/retry`)).status).toBe(204);
    expect(api.data.retried).toEqual(["file_9"]);
    expect((await send("POST", `/collectors/${id}/files/file_0/retry`)).status).toBe(404);
    expect((await send("POST", "/acknowledgements", { gap: 4 })).status).toBe(204);
    expect(api.data.acknowledged).toEqual([{ what: { gap: 4 }, by: "token operator" }]);
    expect((await send("POST", "/acknowledgements", { gap: 5 })).status).toBe(404);
    expect((await send("POST", "/acknowledgements", { gap: 4, file: "x" })).status).toBe(400);
  });
});

describe("removing", () => {
  test("keeps the events unless it is said otherwise", async () => {
    const id = await install();
    api.data.events = [aStoredEvent({ collectorId: id })];

    expect((await send("DELETE", `/collectors/${id}`)).status).toBe(204);

    expect(api.engine.plans).toEqual([]);
    expect(api.data.removed).toEqual([]);
    expect((await send("GET", `/collectors/${id}`)).status).toBe(404);
  });

  test("with its events goes on after a restart where it was cut off", async () => {
    const id = await install();
    api.data.failure = new Error("the disk failed");
    expect((await send("DELETE", `/collectors/${id}?events=remove`)).status).toBe(204);
    expect(api.data.removed).toEqual([]);
    api.data.failure = undefined;

    await resumeRemovals(api.deps as never);
    await resumeRemovals(api.deps as never);

    expect(api.data.removed).toEqual([id]);
  });
});

describe("what is shown", () => {
  const now = "2026-07-15T12:00:30Z";

  test("a row tells state, volume of the last day, lag and how much is complete", async () => {
    const site = api.control.createSite("hq");
    const id = await install({
      dataSources: ["messages", "audit-log"],
      siteId: site.id,
      start: "2026-07-14T12:00:30Z",
    });
    const pending = {
      counts: {
        ...aState({ collectorId: id, dataSource: "messages" }).counts,
        filesPending: 40,
        filesDone: 60,
        filesPendingBytes: 4_000,
        unacknowledgedGaps: 0,
      },
    };
    api.data.states = [
      aState(
        { collectorId: id, dataSource: "messages" },
        { ...pending, oldestPending: "2026-07-15T10:00:30Z", completeThrough: "2026-07-15T00:00:30Z" },
      ),
      aState({ collectorId: id, dataSource: "audit-log" }),
      aState({ collectorId: "col_other", dataSource: "messages" }, { completeThrough: "2020-01-01T00:00:00Z" }),
    ];
    api.engine.activity = [
      {
        key: { collectorId: id, dataSource: "messages" },
        phase: "fetching",
        nextScanAt: undefined,
        filesInWork: 4,
        requestsPerMinute: { "logs.list": 100, "logs.get": 40 },
      },
    ];
    api.data.events = [
      aStoredEvent({ collectorId: id, seq: 1, ingestedAt: "2026-07-15T11:59:00.000Z" }),
      aStoredEvent({ collectorId: id, seq: 2, ingestedAt: "2026-07-15T12:00:10.000Z" }),
      aStoredEvent({ collectorId: id, seq: 3, ingestedAt: "2026-07-13T12:00:00.000Z" }),
    ];

    const { body } = await send("GET", "/collectors", undefined, "viewer");
    const [row] = body.collectors;

    expect(row).toMatchObject({
      health: "catching_up",
      site: { id: site.id, name: "hq" },
      dataSources: 2,
      volumeLastDay: { events: 2 },
      lastReceivedAt: "2026-07-15T12:00:00.000Z",
      lagSeconds: 7_200,
      completeThrough: "2026-07-15T00:00:30Z",
      completeShare: 0.5,
      pendingFiles: 40,
      lost: false,
    });
    expect(row.sparkline).toHaveLength(24);
    expect(row.sparkline.slice(-2)).toEqual([1, 1]);
    const detail = (await send("GET", `/collectors/${id}`)).body;
    expect(detail.sources[0]).toMatchObject({
      pendingBytes: 4_000,
      activity: { phase: "fetching", filesInWork: 4, requestsPerMinute: 40 },
      backlog: { filesDone: 60, filesListed: 100, bytesLeft: 4_000, secondsLeft: 60 },
    });
    expect(api.deps.now().toISOString()).toBe(new Date(now).toISOString());
  });

  test("a volume series is cut into at most 300 round buckets", async () => {
    const id = await install();
    api.data.events = [aStoredEvent({ collectorId: id, ingestedAt: "2026-07-15T11:00:00.000Z", raw: "12345" })];

    const day = await send("GET", `/collectors/${id}/volume`);
    const month = await send("GET", `/collectors/${id}/volume?from=2026-06-15T00:00:00Z&to=2026-07-16T00:00:00Z`);
    const backwards = await send("GET", `/collectors/${id}/volume?from=2026-07-16T00:00:00Z&to=2026-06-15T00:00:00Z`);

    expect(day.body).toEqual({
      stepMs: 300_000,
      buckets: [{ at: Date.parse("2026-07-15T11:00:00Z"), events: 1, bytes: 5 }],
      total: { events: 1, bytes: 5 },
    });
    expect(month.body.stepMs).toBe(10_800_000);
    expect(backwards.body).toMatchObject({ code: "invalid", fields: { from: expect.any(String) } });
  });

  test("quarantined lines are content: only readers of events see them, and it is recorded", async () => {
    const id = await install();
    api.data.quarantine = [
      {
        id: 1,
        collectorId: id,
        dataSource: "messages",
        fileId: "f",
        line: 3,
        reason: "no JSON",
        bytes: new Uint8Array([0x61, 0xff, ...new Array(5_000).fill(0x62)]),
        at: now,
        acknowledgedAt: undefined,
      },
    ];

    const refused = await send("GET", `/collectors/${id}/quarantine`);
    const { body } = await send("GET", `/collectors/${id}/quarantine`, undefined, "analyst");

    expect(refused.status).toBe(403);
    expect(body[0]).toMatchObject({ line: 3, sizeBytes: 5_002 });
    expect(body[0].text).toMatch(/^a\ufffdb+$/);
    expect(body[0].text).toHaveLength(4_096);
    expect(api.access.accessRecord({ limit: 1 })[0]).toMatchObject({
      action: "quarantine.read",
      object: id,
      detail: { rows: 1 },
    });
  });

  test("one quarantined line is had whole, byte for byte, by readers of events, from its own collector", async () => {
    const id = await install();
    const other = await install({ name: "other", settings: { ...acme.settings, workspace: "w2" } });
    const bytes = new Uint8Array([0x3c, 0xff, 0x00, 0x3e]);
    const line = { id: 7, collectorId: id, dataSource: "messages", fileId: "f", line: 3, reason: "no JSON", bytes };
    api.data.quarantine = [{ ...line, at: now, acknowledgedAt: undefined }];
    const raw = (collector: string, number: number, as: Sent["as"] = "analyst") =>
      api.send("GET", `/collectors/${collector}/quarantine/${number}/raw`, { as });

    const answer = await raw(id, 7);

    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="quarantined-7.txt"');
    expect(api.access.accessRecord({ limit: 1 })[0]).toMatchObject({
      action: "quarantine.downloaded",
      object: id,
      detail: { line: 7 },
    });
    expect((await raw(id, 7, "operator")).status).toBe(403);
    expect((await raw(id, 8)).status).toBe(404);
    expect((await raw(other, 7)).status).toBe(404);
  });

  test("a collector is exported for the configuration file without its secret", async () => {
    const site = api.control.createSite("hq");
    const id = await install({ siteId: site.id, retentionDays: 90, timezone: "UTC", requestsPerMinute: 40 });

    const answer = await api.send("GET", `/collectors/${id}/export.yaml`, { as: "viewer" });

    const text = await answer.text();
    expect(answer.headers.get("content-type")).toMatch(/yaml/);
    expect(text).not.toContain("canary");
    expect(parse(text)).toEqual({
      sites: [{ name: "hq" }],
      collectors: [
        {
          name: "acme-prod",
          connector: "acme",
          settings: { token: `\${env:ACME_PROD_TOKEN}`, workspace: "w1" },
          data_sources: ["messages"],
          site: "hq",
          timezone: "UTC",
          poll_interval: "1m",
          overlap: "1d",
          requests_per_minute: 40,
          retention: "90d",
        },
      ],
    });
  });

  test("a duplicate is a draft with the same settings and secret, to be installed under another name", async () => {
    const id = await install();

    const { status, body } = await send("POST", `/collectors/${id}/duplicate`);
    const second = await send("POST", "/collectors", {
      ...acme,
      name: body.values.name,
      settings: { workspace: "w2" },
      draftId: body.id,
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      values: { name: "acme-prod copy", settings: { workspace: "w1" } },
      secrets: [{ name: "token" }],
    });
    expect(settingsInForce(second.body.collector.id)).toMatchObject({ token: secret, workspace: "w2" });
  });
});

test("sites are made, renamed and removed once nothing carries them", async () => {
  const { body: site } = await send("POST", "/sites", { name: "hq" });
  const id = await install({ siteId: site.id });

  expect((await send("GET", "/sites")).body).toEqual([{ ...site, collectors: 1 }]);
  expect((await send("POST", "/sites", { name: "HQ" })).body).toMatchObject({ status: 409, code: "name_taken" });
  expect((await send("DELETE", `/sites/${site.id}`)).body).toMatchObject({
    status: 409,
    code: "in_use",
    detail: expect.stringContaining("acme-prod"),
  });
  expect((await send("PATCH", `/sites/${site.id}`, { name: "Berlin" })).body).toMatchObject({
    name: "Berlin",
    collectors: 1,
  });
  expect(api.engine.plans[0]?.site?.name).toBe("Berlin");
  await send("PATCH", `/collectors/${id}`, { siteId: null });
  expect((await send("DELETE", `/sites/${site.id}`)).status).toBe(204);
});

test("the catalogue draws its forms from the schema, and shows the wizard without its code", async () => {
  const { body } = await send("GET", "/connectors", undefined, "viewer");

  expect(body[0]).toMatchObject({
    name: "acme",
    hasGuide: true,
    dataSources: [{ name: "messages" }, { name: "audit-log" }],
  });
  expect(body[0].fields.map(({ name, kind }: { name: string; kind: string }) => [name, kind])).toEqual([
    ["token", "secret"],
    ["workspace", "text"],
    ["organization", "text"],
    ["base_url", "url"],
  ]);
  expect(body[0].guide.steps[0].fields).toHaveLength(2);
});

test("time zones begin with UTC and hold each name once", async () => {
  const { body } = await send("GET", "/timezones", undefined, "viewer");

  expect(body[0]).toBe("UTC");
  expect(body).toContain("Europe/Berlin");
  expect(new Set(body).size).toBe(body.length);
});
