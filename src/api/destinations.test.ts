import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

const HOUR = Math.floor(Date.parse("2026-07-15T12:00:00Z") / 3_600_000);

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const hook = { name: "soc", kind: "fake-hook", settings: { url: "https://hooks.example.com/a", token: "tok-secret" } };
async function add(body: object = hook): Promise<{ readonly id: string }> {
  const answer = await api.send("POST", "/destinations", { as: "operator", body });
  return (await answer.json()) as { readonly id: string };
}

test("a destination is added, listed with its state, and its secret never comes out", async () => {
  const created = await add();

  expect(created).toMatchObject({ name: "soc", kind: "fake-hook", format: "raw", from: "start", managedBy: "console" });
  const list = (await (await api.send("GET", "/destinations", { as: "viewer" })).json()) as readonly object[];
  expect(list).toHaveLength(1);
  expect(list[0]).toMatchObject({
    status: { phase: "starting", pending: 0, deadLetters: 0 },
    secrets: [{ name: "token" }],
  });
  expect(JSON.stringify(list)).not.toContain("tok-secret");
  expect(api.delivered.plans).toMatchObject([{ name: "soc", settings: { token: "tok-secret" } }]);
  const record = await (await api.send("GET", "/access-record", { as: "auditor" })).text();
  expect(record).toContain("destination.created");
  expect(record).not.toContain("tok-secret");
});

test("what a form has wrong is told by field: an unknown kind, a missing setting, a format it does not take", async () => {
  const sent = (body: object) => api.send("POST", "/destinations", { as: "operator", body });

  expect(await (await sent({ ...hook, kind: "nowhere" })).json()).toMatchObject({ code: "unknown_destination" });
  expect(await (await sent({ ...hook, settings: { url: "https://a.example" } })).json()).toMatchObject({
    code: "invalid",
  });
  expect(await (await sent({ ...hook, format: "cef" })).json()).toMatchObject({
    fields: { format: expect.any(String) },
  });
  expect(await (await sent({ ...hook, collectorIds: ["col_x"] })).json()).toMatchObject({
    fields: { collectorIds: expect.any(String) },
  });
  await add();
  expect(await (await sent(hook)).json()).toMatchObject({ code: "name_taken" });
});

test("a secret that is not needed is taken away with null, one that is needed is not", async () => {
  const { id } = await add({ ...hook, settings: { ...hook.settings, signing: "sign-with-this" } });
  const patch = (secrets: object) =>
    api.send("PATCH", `/destinations/${id}`, {
      as: "admin",
      body: { settings: { url: hook.settings.url, ...secrets } },
    });

  expect(await (await patch({})).json()).toMatchObject({ secrets: [{ name: "signing" }, { name: "token" }] });
  expect(await (await patch({ signing: null })).json()).toMatchObject({ secrets: [{ name: "token" }] });
  expect(api.delivered.plans[0]!.settings).toEqual(hook.settings);
  expect((await patch({ token: null })).status).toBe(400);
  expect(api.delivered.plans[0]!.settings).toEqual(hook.settings);
});

test("a stored secret is not sent to another address: it has to be entered again", async () => {
  const { id } = await add();
  const elsewhere = { settings: { url: "https://evil.example.com/" } };
  const patch = (body: object) => api.send("PATCH", `/destinations/${id}`, { as: "operator", body });

  expect(await (await patch(elsewhere)).json()).toMatchObject({ code: "secret_needed" });
  const check = { kind: "fake-hook", ...elsewhere, destinationId: id };
  expect((await api.send("POST", "/destinations/check", { as: "operator", body: check })).status).toBe(400);
  expect((await patch({ settings: { url: "https://new.example.com/", token: "another" } })).status).toBe(200);
  expect((await patch({ name: "siem" })).status).toBe(200);
  expect(api.delivered.plans).toMatchObject([
    { name: "siem", settings: { url: "https://new.example.com/", token: "another" } },
  ]);
});

test("the connection test tells its steps and ends with the result", async () => {
  const { name: _, ...body } = hook;
  const answer = await api.send("POST", "/destinations/check", { as: "operator", body });
  const steps = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

  expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual(["deliver running", "deliver ok", "result ok"]);
});

test("pausing, resuming, trying at once and removing reach the engine", async () => {
  const { id } = await add();
  const post = (word: string) => api.send("POST", `/destinations/${id}/${word}`, { as: "operator" });

  expect(await (await post("pause")).json()).toMatchObject({ paused: true });
  expect(api.delivered.plans).toMatchObject([{ paused: true }]);
  expect(await (await post("resume")).json()).toMatchObject({ paused: false });
  expect((await post("try-now")).status).toBe(204);
  expect(api.delivered.woken).toEqual([id]);
  expect((await api.send("DELETE", `/destinations/${id}`, { as: "operator" })).status).toBe(204);
  expect(api.delivered.removed).toEqual([id]);
  expect(api.delivered.plans).toEqual([]);
  expect((await post("pause")).status).toBe(404);
});

test("receipts say what became of each hour's events, and whether the sums add up", async () => {
  const { id } = await add();
  const account = { collectorId: "col_a", filtered: 0, dead: 0, withdrawn: 0, pending: 0 };
  api.delivered.accounts = [
    { ...account, hour: HOUR - 1, collected: 4, delivered: 3 },
    { ...account, hour: HOUR, collected: 10, filtered: 1, delivered: 5, dead: 1, pending: 3 },
  ];

  const rows = await (await api.send("GET", `/destinations/${id}/receipts?hours=24`, { as: "viewer" })).json();

  expect(rows).toMatchObject([
    { at: "2026-07-15T12:00:00.000Z", collected: 10, delivered: 5, deadLettered: 1, pending: 3, reconciles: true },
    { collected: 4, delivered: 3, pending: 0, reconciles: false },
  ]);
});

test("dead letters are listed, sent again and given up, by whom", async () => {
  const { id } = await add();
  api.delivered.letters = [
    {
      id: 3,
      deliveryId: 7,
      destinationId: id,
      collectorId: "col_a",
      seq: 9,
      key: "k",
      eventId: "e",
      type: "T",
      hour: HOUR,
      reason: "mapping",
      answer: "no such field",
      at: "2026-07-15T12:00:00.000Z",
      attempts: 1,
      state: "dead",
      by: undefined,
    },
  ];

  const letters = await (await api.send("GET", `/destinations/${id}/dead-letters`, { as: "viewer" })).json();
  expect(letters).toMatchObject([{ id: 3, reason: "mapping", answer: "no such field" }]);
  expect(
    (await api.send("POST", `/destinations/${id}/dead-letters/retry`, { as: "viewer", body: { ids: [3] } })).status,
  ).toBe(403);
  await api.send("POST", `/destinations/${id}/dead-letters/retry`, { as: "operator", body: { ids: [3] } });
  await api.send("POST", `/destinations/${id}/dead-letters/discard`, { as: "operator", body: { ids: "all" } });
  expect(api.delivered.changed).toMatchObject([
    { ids: [3], to: "again" },
    { ids: "all", to: "discarded" },
  ]);
  expect(api.delivered.woken).toEqual([id, id]);
});

test("a replay is forecast, asked for, listed and cancelled", async () => {
  const { id } = await add();
  const body = { from: "2026-07-01T00:00:00Z" };

  expect(
    await (await api.send("POST", `/destinations/${id}/replays/forecast`, { as: "operator", body })).json(),
  ).toEqual({ events: 0 });
  const replay = await (await api.send("POST", `/destinations/${id}/replays`, { as: "operator", body })).json();
  expect(replay).toMatchObject({ id: 1, state: "running", from: "2026-07-01T00:00:00.000Z" });
  expect((await api.send("POST", `/destinations/${id}/replays/1/cancel`, { as: "operator" })).status).toBe(204);
  expect((await api.send("POST", `/destinations/${id}/replays/9/cancel`, { as: "operator" })).status).toBe(404);
});

test("a preview shows content, so only those who may read events see it, and it is recorded", async () => {
  const body = { format: "raw" };

  expect((await api.send("POST", "/destinations/preview", { as: "operator", body })).status).toBe(403);
  const preview = await (await api.send("POST", "/destinations/preview", { as: "analyst", body })).json();
  expect(preview).toMatchObject({ sampled: expect.any(Number), keptBack: 0 });
  expect(await (await api.send("GET", "/access-record", { as: "auditor" })).text()).toContain("destination.previewed");
});
