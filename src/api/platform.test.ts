import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import type { Role } from "../model/access.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { aState, aStoredEvent } from "../testing/fake-reader.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asked for; the OpenAPI document checks it
  readonly body: any;
}

async function send(method: string, path: string, as: Role, body?: unknown): Promise<Answer> {
  const answer = await api.send(method, path, { as, body });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

const collector = (name: string, paused = false) =>
  api.control.createCollector(
    {
      name,
      connector: "acme",
      settings: { workspace: "w1" },
      dataSources: ["messages"],
      pausedDataSources: [],
      siteId: undefined,
      timezone: undefined,
      start: undefined,
      pollIntervalMs: 60_000,
      overlapMs: 60_000,
      requestsPerMinute: "auto",
      retentionDays: undefined,
      paused,
      managedBy: "console",
    },
    { token: "sk-canary-0123456789" },
  ).id;

describe("the platform", () => {
  test("tells its disk, how fast it grows and how long it lasts", async () => {
    api.data.states = [
      aState(
        { collectorId: "col_1", dataSource: "messages" },
        { counts: { ...aState({ collectorId: "", dataSource: "" }).counts, bytes: 1_150 } },
      ),
    ];
    api.data.events = [aStoredEvent({ ingestedAt: "2026-07-15T11:00:00.000Z", raw: "x".repeat(100) })];

    const { body } = await send("GET", "/system", "viewer");

    expect(body).toMatchObject({
      version: "1.2.3",
      startedAt: "2026-07-15T12:00:30.000Z",
      // 2,300 bytes on disk for 1,150 of events: each byte takes two.
      disk: { databaseBytes: 2_000, growthBytesPerDay: 200, daysLeft: 5_000, paused: false },
      secretKey: { state: "ok", source: "file" },
      demo: false,
      search: { rebuilding: false },
    });
  });

  test("tells no growth before there is any", async () => {
    const { body } = await send("GET", "/system", "viewer");

    expect(body.disk).not.toHaveProperty("daysLeft");
  });

  test("the secret key is entered anew, and collection goes on", async () => {
    collector("acme-prod");
    const path = join(api.folder, "secret.key");
    const key = readFileSync(path, "utf8");
    rmSync(path);
    const options = {
      path: join(api.folder, "control.db"),
      secretKeyPath: path,
      now: () => new Date(api.clock.now),
      randomBytes: (count: number) => new Uint8Array(count).fill(5),
    };
    const reopened = openControl(options);
    const app = createApi({ ...api.deps, ...reopened } as never);
    const headers = { authorization: `Bearer ${api.tokenOf("admin")}`, "content-type": "application/json" };
    const enter = (value: string) =>
      app.request("/api/v1/system/secret-key", { method: "POST", headers, body: JSON.stringify({ value }) });

    const list = await (await app.request("/api/v1/collectors", { headers })).json();
    const wrong = await enter(Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString("base64"));
    const malformed = await enter("changeme");
    const right = await enter(key);
    reopened.control.close();

    expect(list).toMatchObject({
      collectors: [{ health: "failed", reason: "The key of the stored secrets is missing" }],
    });
    expect(await wrong.json()).toMatchObject({
      status: 409,
      code: "secret_key_wrong",
      fields: { value: expect.any(String) },
    });
    expect(await malformed.json()).toMatchObject({ status: 400, code: "secret_key_malformed" });
    expect(await right.json()).toMatchObject({ state: "ok" });
    expect(api.engine.plans[0]?.settings).toMatchObject({ token: "sk-canary-0123456789" });
  });

  test("documents are listed and read by path, and nothing else is", async () => {
    expect((await send("GET", "/docs", "auditor")).body).toEqual([{ path: "errors", title: "Errors" }]);
    expect((await send("GET", "/docs/errors", "auditor")).body).toEqual({ title: "Errors", markdown: "# Errors" });
    for (const path of ["/docs/nothing", "/docs/connectors/acme", "/docs/..%2f..%2fpackage", "/docs/toString"])
      expect((await send("GET", path, "auditor")).status, path).toBe(404);
  });

  test("how far the index has come is told", async () => {
    expect((await send("GET", "/search/progress", "viewer")).body).toEqual({
      indexedSeq: 0,
      lastSeq: 0,
      rebuilding: false,
    });
  });
});

describe("API tokens", () => {
  test("are shown once, used, listed without their text, and revoked", async () => {
    const { status, body } = await send("POST", "/tokens", "admin", { name: "ci", role: "viewer" });
    const use = () => api.send("GET", "/collectors", { headers: { authorization: `Bearer ${body.token}` } });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "ci",
      role: "viewer",
      createdBy: "token admin",
      expiresAt: "2026-10-13T12:00:30.000Z",
    });
    expect((await use()).status).toBe(200);
    const list = await send("GET", "/tokens", "admin");
    expect(list.body.find(({ id }: { id: string }) => id === body.id)).toMatchObject({
      lastUsedAt: "2026-07-15T12:00:30.000Z",
    });
    expect(JSON.stringify(list.body)).not.toContain(body.token);
    expect((await send("DELETE", `/tokens/${body.id}`, "admin")).status).toBe(204);
    expect((await use()).status).toBe(401);
    expect(JSON.stringify(api.access.accessRecord({ limit: 100 }))).not.toContain(body.token);
  });

  test("are no way to more than their maker may do", async () => {
    const { status, body } = await send("POST", "/tokens", "admin", { name: "reader", role: "analyst" });

    expect(status).toBe(403);
    expect(body).toMatchObject({ code: "forbidden", fields: { role: expect.any(String) } });
    expect((await send("POST", "/tokens", "admin", { name: "ok", role: "operator" })).status).toBe(201);
  });

  test("are valid for a year at most", async () => {
    expect(
      (await send("POST", "/tokens", "admin", { name: "ci", role: "viewer", expiresInDays: 366 })).body,
    ).toMatchObject({
      code: "invalid",
      fields: { expiresInDays: expect.any(String) },
    });
  });
});

test("accounts are listed without anything of their passwords", async () => {
  await api.access.createAccount({ name: "Anna", password: "correct horse battery", roles: ["admin", "analyst"] });

  const { body } = await send("GET", "/accounts", "auditor");

  expect(body).toEqual([
    {
      id: expect.stringMatching(/^acc_/),
      name: "Anna",
      roles: ["admin", "analyst"],
      createdAt: "2026-07-15T12:00:30.000Z",
    },
  ]);
});

test("the access record is paged, and reading it stands in it", async () => {
  for (let i = 0; i < 3; i++) await send("POST", "/sites", "operator", { name: `site ${i}` });

  const first = await send("GET", "/access-record?limit=2", "auditor");
  const second = await send("GET", `/access-record?limit=2&before=${first.body.at(-1).id}`, "auditor");

  expect(first.body.map(({ detail }: { detail: { name: string } }) => detail.name)).toEqual(["site 2", "site 1"]);
  expect(second.body[0]).toMatchObject({ who: "token operator", action: "site.created", detail: { name: "site 0" } });
  expect(api.access.accessRecord({ limit: 1 })[0]).toMatchObject({
    who: "token auditor",
    action: "access_record.read",
  });
});

describe("for machines", () => {
  const probe = (path: string, as?: Role) => api.sendTo("GET", path, { as });

  test("the process is up, and ready while the store can be read", async () => {
    expect((await probe("/healthz")).status).toBe(200);
    expect((await probe("/readyz")).status).toBe(200);
    api.data.failure = new Error("canary");

    const answer = await probe("/readyz");

    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ok: false, reason: "The store cannot be read" });
    expect((await probe("/healthz")).status).toBe(200);
  });

  test("progress is good while nothing that is not paused has failed, and names no collector", async () => {
    const good = collector("good");
    const bad = collector("secretive name");
    const paused = collector("paused", true);
    const error = {
      code: "auth_failed",
      reason: "key_refused",
      message: "No",
      action: "New key",
      since: "2026-07-15T10:00:00Z",
      at: "2026-07-15T10:00:00Z",
      count: 1,
    } as const;
    const key = (collectorId: string) => ({ collectorId, dataSource: "messages" });
    api.data.states = [aState(key(good)), aState(key(paused), { error })];
    expect((await probe("/progressz")).status).toBe(200);
    api.data.states = [aState(key(good)), aState(key(bad), { error }), aState(key(paused), { error })];

    const answer = await probe("/progressz");

    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual({ ok: false, stuck: [{ reason: "failed: key_refused", dataSources: 1 }] });
    expect(text).not.toContain("secretive");
  });

  test("metrics need a credential and count by collector and data source", async () => {
    const id = collector("acme-prod");
    api.data.states = [aState({ collectorId: id, dataSource: "messages" })];

    expect((await probe("/metrics")).status).toBe(401);
    expect((await probe("/metrics", "auditor")).status).toBe(403);
    const answer = await probe("/metrics", "viewer");
    const text = await answer.text();

    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0.0.4/);
    expect(text).toContain('cistern_events_total{collector="acme-prod",data_source="messages"} 10');
    expect(text).toContain('cistern_lag_seconds{collector="acme-prod",data_source="messages"} 30');
    expect(text).toContain('cistern_health{collector="acme-prod",data_source="messages",health="running"} 1');
    expect(text).toContain('cistern_health{collector="acme-prod",data_source="messages",health="failed"} 0');
    expect(text).toContain("cistern_disk_free_bytes 1000000");
    expect(await (await probe("/metrics", "viewer")).text()).toContain(
      'events_total{collector="acme-prod",data_source="messages"} 10',
    );
  });
});

test("the OpenAPI document needs a credential, and any will do", async () => {
  expect((await api.sendTo("GET", "/api/v1/openapi.json")).status).toBe(401);
  expect((await api.sendTo("GET", "/api/v1/openapi.json", { as: "privacy" })).status).toBe(200);
});

test("a picture of the documents comes with its type and may be kept for a while, another path is not found", async () => {
  const found = await api.send("GET", "/doc-pictures/images/a.png", { as: "viewer" });
  const missing = await api.send("GET", "/doc-pictures/..%2f..%2fpackage.json", { as: "viewer" });
  const nobody = await api.send("GET", "/doc-pictures/images/a.png");

  expect(found.headers.get("content-type")).toBe("image/png");
  expect(found.headers.get("x-content-type-options")).toBe("nosniff");
  expect(found.headers.get("cache-control")).toBe("private, max-age=300");
  expect(new Uint8Array(await found.arrayBuffer())).toEqual(new Uint8Array([137, 80]));
  expect([missing.status, nobody.status]).toEqual([404, 401]);
});
