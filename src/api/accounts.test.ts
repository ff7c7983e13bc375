import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest, apiPassword as password } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
let anna: { readonly id: string; readonly cookie: string };
beforeEach(async () => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
  const { id } = await api.access.createAccount({ name: "Anna", password, roles: ["admin"] });
  anna = { id, cookie: await signedIn("Anna") };
});
afterEach(() => api.close());

const ours = { "x-cistern": "1" };
const chosen = "what Ben chose himself";
const cookieOf = (answer: Response) => answer.headers.get("set-cookie")!.split(";")[0]!;
const signedIn = async (name: string, secret = password) =>
  cookieOf(await api.send("POST", "/session", { body: { name, password: secret }, headers: ours }));

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asked for; the OpenAPI document checks it
  readonly body: any;
  readonly cookie: string | undefined;
}

/** With the session of that cookie, Anna's where none is given. */
async function send(method: string, path: string, body?: unknown, cookie = anna.cookie): Promise<Answer> {
  const answer = await api.send(method, path, { body, headers: { ...ours, cookie } });
  const text = await answer.text();
  const set = answer.headers.has("set-cookie") ? cookieOf(answer) : undefined;
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text), cookie: set };
}
const invite = async (roles: readonly string[] = ["viewer"]) =>
  (await send("POST", "/accounts", { name: "Ben", roles })).body;
const accept = (token: string) => send("POST", "/invitation", { token, password: chosen }, "");
const isIn = async (cookie: string | undefined) => (await send("GET", "/connectors", undefined, cookie)).status === 200;
const records = (count: number) => api.access.accessRecord({ limit: count });

test("an administrator makes an account, and its person chooses the password and is signed in", async () => {
  const made = await send("POST", "/accounts", { name: "Ben", roles: ["viewer", "operator", "viewer"] });

  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    account: { name: "Ben", roles: ["operator", "viewer"], invitedUntil: "2026-07-18T12:00:30.000Z" },
    invitation: { token: expect.stringMatching(/^cistern_invitation_/), expiresAt: "2026-07-18T12:00:30.000Z" },
  });
  const { body, cookie } = await accept(made.body.invitation.token);
  expect(body.account).toMatchObject({ name: "Ben", roles: ["operator", "viewer"] });
  expect(await isIn(cookie)).toBe(true);
  expect((await accept(made.body.invitation.token)).body).toMatchObject({ status: 403, code: "invitation_wrong" });
  expect(records(2)).toMatchObject([
    { who: "Ben", action: "account.accepted", object: made.body.account.id },
    { who: "Anna", action: "account.created", detail: { name: "Ben", roles: ["operator", "viewer"] } },
  ]);
  expect(JSON.stringify(records(10))).not.toContain("cistern_invitation_");
  expect((await send("GET", "/accounts")).body[1].invitedUntil).toBeUndefined();
});

test("what is wrong with a new account is said at its field", async () => {
  const wrong = async (body: object) =>
    (await send("POST", "/accounts", { name: "Ben", roles: ["viewer"], ...body })).body;

  expect(await wrong({ roles: [] })).toMatchObject({ code: "invalid", fields: { roles: "Choose at least one role" } });
  expect(await wrong({ roles: ["king"] })).toMatchObject({ code: "invalid" });
  expect(await wrong({ name: "anna" })).toMatchObject({ code: "name_taken", fields: { name: expect.any(String) } });
  expect(await wrong({ name: " " })).toMatchObject({ code: "name_invalid" });
  expect(await wrong({ password: "chosen by another" })).toMatchObject({
    fields: { password: "This is not known here" },
  });
  expect(api.access.accounts()).toHaveLength(1);
});

describe("an account that is changed loses its sessions, and that is on record", () => {
  let ben: string;
  let cookie: string | undefined;
  beforeEach(async () => {
    const { account, invitation } = await invite();
    ben = account.id;
    ({ cookie } = await accept(invitation.token));
  });

  test("other roles", async () => {
    const { body } = await send("PATCH", `/accounts/${ben}`, { roles: ["analyst"] });

    expect(body).toMatchObject({ name: "Ben", roles: ["analyst"] });
    expect(await isIn(cookie)).toBe(false);
    expect(records(1)).toMatchObject([
      { who: "Anna", action: "account.changed", object: ben, detail: { name: "Ben", roles: ["analyst"] } },
    ]);
  });

  test("a reset", async () => {
    const { body } = await send("POST", `/accounts/${ben}/password-reset`);

    expect(await isIn(cookie)).toBe(false);
    expect((await send("POST", "/session", { name: "Ben", password: chosen }, "")).status).toBe(401);
    expect(records(2)[1]).toMatchObject({ action: "account.password_reset", object: ben, detail: { name: "Ben" } });
    expect((await accept(body.invitation.token)).status).toBe(200);
  });

  test("removal", async () => {
    expect((await send("DELETE", `/accounts/${ben}`)).status).toBe(204);

    expect(await isIn(cookie)).toBe(false);
    expect(await isIn(anna.cookie)).toBe(true);
    expect(records(1)).toMatchObject([{ action: "account.removed", object: ben, detail: { name: "Ben" } }]);
    expect((await send("DELETE", `/accounts/${ben}`)).status).toBe(404);
  });
});

test("the last administrator cannot go, and a refused change leaves account, sessions and record as they were", async () => {
  await invite(["admin"]);
  const before = records(50);

  for (const [method, path, body] of [
    ["PATCH", "", { roles: ["viewer"] }],
    ["DELETE", "", undefined],
  ] as const)
    expect((await send(method, `/accounts/${anna.id}${path}`, body)).body).toMatchObject({
      status: 409,
      code: "last_admin",
    });
  const asToken = await api.send("PATCH", `/accounts/${anna.id}`, { as: "admin", body: { roles: ["viewer"] } });
  const reset = await api.send("POST", `/accounts/${anna.id}/password-reset`, { as: "admin" });

  expect(await asToken.json()).toMatchObject({ code: "last_admin" });
  expect(await reset.json()).toMatchObject({ code: "last_admin" });
  expect(records(50)).toEqual(before);
  expect(await isIn(anna.cookie)).toBe(true);
});

test("nobody gives more to the own account, nor resets its password", async () => {
  const more = await send("PATCH", `/accounts/${anna.id}`, { roles: ["admin", "analyst"] });
  const reset = await send("POST", `/accounts/${anna.id}/password-reset`);
  const same = await send("PATCH", `/accounts/${anna.id}`, { roles: ["admin"] });

  expect(more.body).toMatchObject({ code: "own_account", fields: { roles: expect.any(String) } });
  expect(reset.body).toMatchObject({ code: "own_account" });
  expect(same.status).toBe(200);
});

test("only administrators change accounts, and only from the console's own pages", async () => {
  const body = { name: "Eve", roles: ["admin"] };

  for (const as of ["operator", "analyst", "viewer", "auditor", "privacy"] as const)
    expect((await api.send("POST", "/accounts", { as, body })).status, as).toBe(403);
  const foreign = await api.send("POST", "/accounts", { body, headers: { cookie: anna.cookie } });
  expect(foreign.status).toBe(403);
  expect(api.access.accounts()).toHaveLength(1);
});

test("a person changes the own password; other sessions end and this one goes on", async () => {
  const elsewhere = await signedIn("Anna");
  const change = (body: object) => send("PUT", "/session/password", body);

  expect((await change({ current: "not it", password: chosen })).body).toMatchObject({
    status: 401,
    fields: { current: "This is not the present password" },
  });
  expect((await change({ current: password, password: "short" })).body).toMatchObject({
    code: "password_too_weak",
    fields: { password: expect.any(String) },
  });
  const { status, cookie } = await change({ current: password, password: chosen });

  expect(status).toBe(204);
  expect(await isIn(cookie)).toBe(true);
  expect([await isIn(elsewhere), await isIn(anna.cookie)]).toEqual([false, false]);
  expect(await isIn(await signedIn("Anna", chosen))).toBe(true);
  const token = await api.send("PUT", "/session/password", { as: "admin", body: { current: chosen, password } });
  expect(token.status).toBe(400);
});
