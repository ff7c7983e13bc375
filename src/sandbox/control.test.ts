import { afterEach, beforeEach, expect, test } from "vitest";
import { STILL, testClient } from "./fixtures/client.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ ...STILL, days: 0.2 });
});
afterEach(() => sandbox.close());

const url = (path: string) => sandbox.baseUrl.replace(/v1$/, `_sandbox/${path}`);
async function send(method: string, path: string, body: unknown = {}) {
  const headers = { "Content-Type": "application/json" };
  const reply = await fetch(url(path), { method, headers, body: JSON.stringify(body) });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}
const AUTH = "workspaces/{ws}/logs?event_type=AUTH_LOG&after=2020-01-01T00:00:00Z";

test("quirks are read and changed over HTTP, a wrong one is refused by name", async () => {
  const changed = await send("PATCH", "quirks", { forbiddenTypes: ["AUTH_LOG"] });
  const wrong = await send("PATCH", "quirks", { forbidenTypes: ["AUTH_LOG"] });

  expect(changed.body).toMatchObject({ forbiddenTypes: ["AUTH_LOG"] });
  expect(wrong).toMatchObject({ status: 400, body: { message: expect.stringContaining("forbidenTypes") } });
  expect(await (await fetch(url("quirks"))).json()).toEqual(sandbox.quirks());
  expect((await testClient(sandbox, fetch).get(AUTH)).status).toBe(403);
});

test("a key is revoked, restored and granted scopes", async () => {
  const client = testClient(sandbox, fetch);
  const status = async (name: string) => (await client.get(AUTH, sandbox.keyNamed(name))).status;

  await send("POST", "keys/all-read/revoke");
  expect(await status("all-read")).toBe(401);
  await send("POST", "keys/all-read/restore");
  expect(await status("all-read")).toBe(200);
  expect(await status("awaiting-approval")).toBe(403);
  await send("POST", "keys/awaiting-approval/grant", { scopes: ["chatgpt.enterprise.compliance_logs_platform.read"] });
  expect(await status("awaiting-approval")).toBe(200);
  expect((await send("POST", "keys/nobody/revoke")).status).toBe(404);
  expect((await send("POST", "keys/all-read/paint")).status).toBe(400);
});

test("publishing is advanced, and the state tells clock and counts", async () => {
  const client = testClient(sandbox, fetch);
  const before = (await client.listAll("AUTH_LOG")).length;

  const { body } = await send("POST", "advance", { ms: 7_200_000 });

  expect(body).toMatchObject({
    published_until: "2026-11-20T17:03:00.000Z",
    requests: { "list 200": 1 },
    leaked_authorizations: 0,
  });
  expect((await client.listAll("AUTH_LOG")).length).toBeGreaterThan(before);
  expect((await send("POST", "advance", { ms: -1 })).status).toBe(400);
});

test("rate limits change at once", async () => {
  await send("PATCH", "rate-limits", { list: 1 });
  const client = testClient(sandbox, fetch);

  expect([(await client.get(AUTH)).status, (await client.get(AUTH)).status]).toEqual([200, 429]);
  expect((await send("PATCH", "rate-limits", { lists: 1 })).status).toBe(400);
});

test("the oracle tells every published file with its events as JSON Lines", async () => {
  const reply = await fetch(url("published?event_type=AUTH_LOG&from=2026-11-20T12:00:00Z&to=2026-11-20T14:00:00Z"));
  const files = (await reply.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

  const wanted = [
    ...sandbox.published({
      type: "AUTH_LOG",
      fromUs: Date.UTC(2026, 10, 20, 12) * 1000,
      toUs: Date.UTC(2026, 10, 20, 14) * 1000,
    }),
  ];
  expect(files.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
  expect(files[0].events[0]).toEqual({
    event_id: wanted[0]?.events()[0]?.eventId,
    time: expect.any(String),
    line: wanted[0]?.events()[0]?.line,
  });
});

test("a form that a page in a browser could send changes nothing", async () => {
  const reply = await fetch(url("keys/all-read/revoke"), { method: "POST", body: new URLSearchParams({ a: "b" }) });

  expect(reply.status).toBe(415);
  expect((await testClient(sandbox, fetch).get(AUTH)).status).toBe(200);
});
