import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { type ApiOptions, apiUnderTest, apiPassword as password } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
const start = (options?: ApiOptions) => {
  api?.close();
  api = apiUnderTest({ createApi, openControl, serverPolicy }, options);
};
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const ours = { "x-cistern": "1" };
const cookieOf = (answer: Response) => answer.headers.get("set-cookie")!.split(";")[0]!;
const signIn = async (name = "Anna") => {
  await api.access.createAccount({ name, password, roles: ["admin", "analyst"] });
  return api.send("POST", "/session", { body: { name, password }, headers: ours });
};

test("before the first account the console is told to set up, and the set-up signs in", async () => {
  const token = api.access.issueSetupToken()!;
  expect(await (await api.send("GET", "/session")).json()).toEqual({
    setupRequired: true,
    account: null,
    version: "1.2.3",
  });

  const answer = await api.send("POST", "/setup", { body: { token, name: "Anna", password }, headers: ours });

  expect(answer.status).toBe(201);
  const session = await (await api.send("GET", "/session", { headers: { cookie: cookieOf(answer) } })).json();
  expect(session).toMatchObject({
    setupRequired: false,
    account: { name: "Anna", role: "admin", roles: ["admin", "analyst"] },
  });
  const again = await api.send("POST", "/setup", { body: { token, name: "Ben", password }, headers: ours });
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: "setup_done" });
});

test("what is wrong in the set-up is said at its field", async () => {
  const token = api.access.issueSetupToken()!;
  const setUp = async (body: object) =>
    (await api.send("POST", "/setup", { body: { token, name: "Anna", password, ...body }, headers: ours })).json();

  expect(await setUp({ token: "wrong" })).toMatchObject({
    code: "setup_token_wrong",
    fields: { token: expect.any(String) },
  });
  expect(await setUp({ password: "short" })).toMatchObject({
    code: "password_too_weak",
    fields: { password: expect.any(String) },
  });
  expect(await setUp({ name: "" })).toMatchObject({ code: "invalid", fields: { name: expect.any(String) } });
  expect(await setUp({ colour: "blue" })).toMatchObject({
    code: "invalid",
    fields: { colour: "This is not known here" },
  });
});

test("signing in gives a cookie that scripts and other sites cannot use, and signing out ends it", async () => {
  const answer = await signIn();

  expect(answer.status).toBe(200);
  expect(answer.headers.get("set-cookie")).toMatch(/^cistern_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(answer);
  expect((await api.send("GET", "/collectors", { headers: { cookie } })).status).toBe(200);
  const out = await api.send("DELETE", "/session", { headers: { ...ours, cookie } });
  expect(out.status).toBe(204);
  expect(out.headers.get("set-cookie")).toMatch(/Max-Age=0/);
  expect((await api.send("GET", "/collectors", { headers: { cookie } })).status).toBe(401);
});

test("a new sign-in from the same browser ends its earlier session", async () => {
  const first = cookieOf(await signIn());

  const second = await api.send("POST", "/session", {
    body: { name: "Anna", password },
    headers: { ...ours, cookie: first },
  });

  expect((await api.send("GET", "/collectors", { headers: { cookie: first } })).status).toBe(401);
  expect((await api.send("GET", "/collectors", { headers: { cookie: cookieOf(second) } })).status).toBe(200);
});

test("an open page that reads itself anew does not keep an idle session alive, and a person does", async () => {
  const cookie = cookieOf(await signIn());
  const minute = 60_000;
  const get = async (headers: Record<string, string> = {}) => {
    api.clock.now += minute;
    return (await api.send("GET", "/collectors", { headers: { cookie, ...headers } })).status;
  };
  const background = { "x-cistern-background": "1" };

  for (let i = 0; i < 30; i++) expect(await get(), `use ${i}`).toBe(200);
  for (let i = 0; i < 14; i++) expect(await get(background), `poll ${i}`).toBe(200);
  expect(await get(background)).toBe(401);
  expect(await get()).toBe(401);
});

test("a change counts as a person's, whatever it calls itself", async () => {
  const cookie = cookieOf(await signIn());
  const headers = { ...ours, cookie, "x-cistern-background": "1" };
  api.clock.now += 14 * 60_000;
  await api.send("POST", "/sites", { body: { name: "hq" }, headers });
  api.clock.now += 14 * 60_000;

  expect((await api.send("GET", "/collectors", { headers: { cookie } })).status).toBe(200);
});

test("too many failures answer 429 with the time to wait", async () => {
  await api.access.createAccount({ name: "Anna", password, roles: ["viewer"] });
  const attempt = () =>
    api.send("POST", "/session", { body: { name: "Anna", password: "wrong password" }, headers: ours });
  for (let i = 0; i < 4; i++) expect((await attempt()).status).toBe(401);

  const answer = await attempt();

  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(await answer.json()).toMatchObject({ code: "too_many_attempts", action: expect.stringContaining("Wait") });
});

describe("a change that another site could have sent is refused", () => {
  const cases: [string, Record<string, string>][] = [
    ["without our header", {}],
    ["from another site", { ...ours, "sec-fetch-site": "cross-site" }],
    ["from a sister site", { ...ours, "sec-fetch-site": "same-site" }],
    ["from another origin", { ...ours, origin: "http://evil.example" }],
    ["from no origin", { ...ours, origin: "null" }],
    ["from another port", { ...ours, origin: "http://localhost:9999" }],
    ["from https to http", { ...ours, origin: "https://localhost" }],
  ];
  for (const [name, headers] of cases)
    test(name, async () => {
      const cookie = cookieOf(await signIn());

      const answer = await api.send("POST", "/sites", { body: { name: "hq" }, headers: { ...headers, cookie } });

      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "cross_site" });
      expect(api.control.sites()).toEqual([]);
    });

  test("and one of the console itself is not", async () => {
    const cookie = cookieOf(await signIn());
    const headers = { ...ours, cookie, origin: "http://localhost", "sec-fetch-site": "same-origin" };

    expect((await api.send("POST", "/sites", { body: { name: "hq" }, headers })).status).toBe(201);
  });

  test("signing in included", async () => {
    await api.access.createAccount({ name: "Anna", password, roles: ["viewer"] });

    expect((await api.send("POST", "/session", { body: { name: "Anna", password } })).status).toBe(403);
  });
});

test("with an API token no cookie counts, and a wrong token is refused even beside a right cookie", async () => {
  const cookie = cookieOf(await signIn());

  const wrong = await api.send("GET", "/collectors", {
    headers: { cookie, authorization: "Bearer cistern_api_wrong" },
  });
  const basic = await api.send("GET", "/collectors", { headers: { cookie, authorization: "Basic QW5uYTp4" } });
  const viewer = await api.send("POST", "/sites", { as: "viewer", body: { name: "hq" }, headers: { ...ours, cookie } });

  expect(await wrong.json()).toMatchObject({ status: 401, code: "token_invalid" });
  expect(basic.status).toBe(401);
  expect(viewer.status).toBe(403);
});

describe("behind a proxy with TLS", () => {
  const policy = { listenHost: "0.0.0.0", publicUrl: "https://cistern.example", trustedProxies: ["10.0.0.0/8"] };
  const env = { incoming: { socket: { remoteAddress: "10.0.0.7" } } };
  const forwarded = { host: "cistern.example", "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9" };

  test("the cookie is for https only and bound to the host, and browsers are told to stay with https", async () => {
    start({ policy });
    await api.access.createAccount({ name: "Anna", password, roles: ["viewer"] });

    const answer = await api.sendTo("POST", "/api/v1/session", {
      body: { name: "Anna", password },
      headers: { ...ours, ...forwarded, origin: "https://cistern.example" },
      env,
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toMatch(
      /^__Host-cistern_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers.get("strict-transport-security")).toMatch(/^max-age=31536000/);
    expect(api.access.accessRecord({ limit: 1 })[0]?.detail).toEqual({ ip: "203.0.113.9" });
  });

  test("a cookie without the prefix is not taken, for any neighbour could have set it", async () => {
    start({ policy });
    await api.access.createAccount({ name: "Anna", password, roles: ["viewer"] });
    const { session } = await api.access.signIn("Anna", password, { ip: "::1" });
    const get = (name: string) =>
      api.sendTo("GET", "/api/v1/collectors", { headers: { ...forwarded, cookie: `${name}=${session}` }, env });

    expect((await get("cistern_session")).status).toBe(401);
    expect((await get("__Host-cistern_session")).status).toBe(200);
  });

  test("forwarded headers of anybody else count for nothing", async () => {
    start({ policy });
    const stranger = { incoming: { socket: { remoteAddress: "192.0.2.1" } } };

    const answer = await api.sendTo("GET", "/healthz", { headers: forwarded, env: stranger });

    expect(answer.headers.get("strict-transport-security")).toBeNull();
  });
});

test("what another machine sends in the clear past the proxy is refused, but for the probes", async () => {
  start({ policy: { listenHost: "0.0.0.0", publicUrl: "https://cistern.example", trustedProxies: ["10.0.0.7"] } });
  const headers = { host: "cistern.example", "x-forwarded-proto": "https" };
  const env = { incoming: { socket: { remoteAddress: "10.0.0.8" } } };

  const answer = await api.sendTo("GET", "/api/v1/collectors", { as: "viewer", headers, env });

  expect(await answer.json()).toMatchObject({ status: 403, code: "https_needed" });
  expect((await api.sendTo("GET", "/healthz", { headers, env })).status).toBe(200);
});

test("a host name that is none of ours answers 421, at every address", async () => {
  for (const path of ["/", "/healthz", "/api/v1/session", "/assets/x.js"]) {
    const answer = await api.sendTo("GET", path, { headers: { host: "evil.example" } });

    expect(answer.status, path).toBe(421);
    expect(await answer.json()).toMatchObject({ code: "unknown_host" });
  }
});

test("a body that is too large, no JSON or not sent as JSON is refused", async () => {
  const post = (body: string, headers: Record<string, string>) =>
    api.app.request("/api/v1/sites", {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${api.tokenOf("operator")}`, ...headers },
    });
  const json = { "content-type": "application/json" };

  expect((await post(`{"name":"${"x".repeat(1_000_001)}"}`, json)).status).toBe(413);
  expect(await (await post("{", json)).json()).toMatchObject({ status: 415, code: "body_not_json" });
  expect((await post('{"name":"hq"}', { "content-type": "text/plain" })).status).toBe(415);
  expect(api.control.sites()).toEqual([]);
});

test("a refusal that may be an attempt is logged with its address and without the query", async () => {
  await api.send("GET", "/events?q=canary", { as: "viewer" });

  expect(api.logged.join()).toContain('"path":"/api/v1/events","reason":"forbidden"');
  expect(api.logged.join()).not.toContain("canary");
});

test("what the server does not know is answered without a word of it, and logged without its message", async () => {
  api.data.failure = new TypeError("canary in a message");

  const answer = await api.send("GET", "/collectors", { as: "viewer" });

  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(JSON.parse(text)).toMatchObject({ code: "internal" });
  expect(text).not.toContain("canary");
  expect(api.logged.join()).toContain("TypeError");
  expect(api.logged.join()).not.toContain("canary");
});
