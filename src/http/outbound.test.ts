import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { gzipSync } from "node:zlib";
import { generate } from "selfsigned";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Credential } from "../model/connector.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import { rawAnswer, rawServer } from "../testing/raw-server.ts";
import { createOutbound, type OutboundOptions } from "./outbound.ts";
import { httpLimits } from "./transport.ts";
import { keyFingerprint } from "./upstream.ts";

const KEY = "sk-admin-canary-0123456789";
const open: (() => Promise<void>)[] = [];
let certificate: { cert: string; private: string };

beforeAll(async () => {
  const altNames = [
    { type: 2 as const, value: "api.example" },
    { type: 7 as const, ip: "127.0.0.1" },
  ];
  certificate = await generate([{ name: "commonName", value: "Test authority" }], {
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames },
    ],
  });
});

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function aServer(answer: Parameters<typeof rawServer>[0]) {
  const server = await rawServer(answer);
  open.push(server.close);
  return server;
}

async function aTlsServer() {
  const server = createTlsServer({ key: certificate.private, cert: certificate.cert }, (_request, response) => {
    response.end('{"over":"tls"}');
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return (server.address() as AddressInfo).port;
}

function anOutlet(origin: string, options: Partial<OutboundOptions> = {}) {
  const outbound = createOutbound({ ...fakeClock(), version: "9.9.9", ...options });
  open.push(outbound.close);
  const credential: Credential = { origin, headers: { authorization: `Bearer ${KEY}` } };
  return {
    outbound,
    credential,
    upstream: outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: "auto" }),
  };
}

const route = { route: "logs.list" };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test("asks in our name, with the key, and for nothing compressed", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(200, "{}")));
  const { upstream } = anOutlet(server.origin);

  await (await upstream.get(new URL(`${server.origin}/v1/x?a=b`), route)).text();

  const head = server.heads[0]!.toLowerCase();
  expect(head).toContain("get /v1/x?a=b http/1.1");
  expect(head).toContain("user-agent: cistern/9.9.9");
  expect(head).toContain("accept-encoding: identity");
  expect(head).toContain(`authorization: bearer ${KEY}`);
});

test("sends nothing but GET, whatever a caller smuggles in and whatever the answers are", async () => {
  const statuses = [200, 204, 301, 307, 400, 401, 403, 404, 405, 410, 422, 500, 503];
  const server = await aServer((socket, head) => {
    const status = Number(/\/status\/(\d+)/.exec(head)?.[1] ?? 200);
    socket.write(rawAnswer(status, status === 204 ? "" : "{}", { location: "/elsewhere" }));
  });
  const { outbound, credential } = anOutlet(server.origin);
  const upstream = outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: 6_000 });

  for (const status of statuses) {
    const smuggled = { ...route, method: "DELETE", headers: { "x-http-method": "DELETE" }, body: "x" };
    await failure(upstream.get(new URL(`${server.origin}/status/${status}`), smuggled));
    await failure(upstream.getSigned(new URL(`${server.origin}/status/${status}`)));
  }

  expect(server.heads.length).toBe(statuses.length * 2);
  expect(server.heads.filter((head) => !head.startsWith("GET /status/"))).toEqual([]);
});

test("the key goes to its own origin and to no other", async () => {
  const own = await aServer((socket) => socket.write(rawAnswer(200, "{}")));
  const other = await aServer((socket) => socket.write(rawAnswer(200, "{}")));
  const { upstream } = anOutlet(own.origin);

  await (await upstream.get(new URL(`${other.origin}/x`), route)).text();
  await (await upstream.getSigned(new URL(`${other.origin}/x`))).text();
  await (await upstream.getSigned(new URL(`${own.origin}/x`))).text();

  expect(other.heads).toHaveLength(2);
  expect([...other.heads, ...own.heads].join()).not.toContain("canary");
});

test("hands redirects back unfollowed, and takes none from a signed address", async () => {
  const other = await aServer((socket) => socket.write(rawAnswer(200, "stolen")));
  const server = await aServer((socket) => socket.write(rawAnswer(307, "", { location: `${other.origin}/x` })));
  const { upstream } = anOutlet(server.origin);

  const answer = await upstream.get(new URL(`${server.origin}/x`), route);
  const refused = await failure(upstream.getSigned(new URL(`${server.origin}/x`)));

  expect(answer.status).toBe(307);
  expect(answer.headers.get("location")).toBe(`${other.origin}/x`);
  expect(refused).toMatchObject({ code: "protocol", reason: "redirect_refused" });
  expect(other.heads).toEqual([]);
});

test("what storage refuses is neither a refused key nor a missing file", async () => {
  const server = await aServer((socket, head) => {
    socket.write(rawAnswer(Number(/\/(\d{3})/.exec(head)?.[1]), "<Error>Request has expired</Error>"));
  });
  const { upstream } = anOutlet(server.origin);

  for (const status of [400, 401, 403, 404, 410, 500]) {
    const error = await failure(upstream.getSigned(new URL(`${server.origin}/${status}`)));
    expect(error).toMatchObject({ code: "unavailable", reason: "signed_address_refused", status: undefined });
  }
});

test("refuses an answer that is compressed all the same", async () => {
  const body = gzipSync("{}".repeat(1_000));
  const server = await aServer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  });
  const { upstream } = anOutlet(server.origin);

  const error = await failure(upstream.get(new URL(`${server.origin}/x`), route));

  expect(error).toMatchObject({ code: "protocol", reason: "unexpected_encoding" });
});

test("a refusal is told with its words, and the key is not among them", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(401, `{"error":{"message":"Bad key ${KEY}"}}`)));
  const { upstream } = anOutlet(server.origin);

  const error = (await failure(upstream.get(new URL(`${server.origin}/x`), route))) as Error;

  expect(error).toMatchObject({ code: "auth_failed", status: 401 });
  expect(error.message).toMatch(/answered 401: Bad key \[redacted\]$/);
});

test("after a 429 nothing leaves until the time that upstream asked for has passed", async () => {
  let limited = true;
  const server = await aServer((socket) => {
    socket.write(limited ? rawAnswer(429, "{}", { "retry-after": "30" }) : rawAnswer(200, "{}"));
  });
  const clock = fakeClock();
  const { upstream, outbound, credential } = anOutlet(server.origin, clock);
  const url = new URL(`${server.origin}/x`);

  expect(await failure(upstream.get(url, route))).toMatchObject({ code: "rate_limited", retryAfterMs: 30_000 });
  limited = false;
  const other = outbound.createUpstream({ credential, lane: "backlog", requestsPerMinute: 600 });
  const waiting = [upstream.get(url, route), other.get(url, route)];
  await clock.advance(29_999);
  expect(server.heads).toHaveLength(1);
  await clock.advance(1);

  expect(await (await waiting[0]!).text()).toBe("{}");
  await clock.advance(2_000);
  expect(await (await waiting[1]!).text()).toBe("{}");
  expect(outbound.rates(credential)).toEqual({ "logs.list": 44 });
});

test("a request that is called off while it waits never leaves", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(429, "{}", { "retry-after": "30" })));
  const { upstream } = anOutlet(server.origin);
  const url = new URL(`${server.origin}/x`);
  await failure(upstream.get(url, route));

  const stop = new AbortController();
  const waiting = failure(upstream.get(url, { ...route, signal: stop.signal }));
  stop.abort(new Error("stopped"));

  expect(await waiting).toBe(stop.signal.reason);
  expect(server.heads).toHaveLength(1);
});

test("an abort ends a request under way and a body half read", async () => {
  const server = await aServer((socket, head) => {
    if (head.includes("/body")) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
  });
  const { upstream } = anOutlet(server.origin);
  const stop = new AbortController();

  const silent = failure(upstream.get(new URL(`${server.origin}/silent`), { ...route, signal: stop.signal }));
  const half = await upstream.get(new URL(`${server.origin}/body`), { ...route, signal: stop.signal });
  const reading = failure(half.text());
  stop.abort(new Error("stopped"));

  expect(await silent).toBe(stop.signal.reason);
  expect(await reading).toBe(stop.signal.reason);
});

test("says so when nothing listens", async () => {
  const server = await rawServer(() => undefined);
  await server.close();
  const { upstream } = anOutlet(server.origin);

  expect(await failure(upstream.get(new URL(`${server.origin}/x`), route))).toMatchObject({
    code: "unavailable",
    reason: "connection_refused",
  });
});

test("gives up on a server that accepts and then is silent", async () => {
  const server = await aServer(() => undefined);
  const { upstream } = anOutlet(server.origin, { limits: { headersMs: 50 } });

  expect(await failure(upstream.get(new URL(`${server.origin}/x`), route))).toMatchObject({
    code: "unavailable",
    reason: "answer_timeout",
  });
});

test("a body that breaks off is a failure, never a short file", async () => {
  const server = await aServer((socket) => {
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
  });
  const { upstream } = anOutlet(server.origin);

  const answer = await upstream.getSigned(new URL(`${server.origin}/x`));

  expect(await failure(answer.text())).toMatchObject({ code: "unavailable", reason: "connection_reset" });
});

test("a body that nobody reads is not waited for, however slowly it goes on coming", async () => {
  const closed = Promise.withResolvers<void>();
  const server = await aServer((socket) => {
    socket.write("HTTP/1.1 307 X\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n");
    socket.once("close", () => closed.resolve());
  });
  const clock = fakeClock();
  const { upstream } = anOutlet(server.origin, clock);
  const answer = await upstream.get(new URL(`${server.origin}/x`), route);

  const cancelled = answer.body?.cancel();
  await clock.advance(5_000);

  await cancelled;
  await closed.promise;
  expect(clock.sleepers()).toBe(0);
});

test("a public service cannot lead to this machine, to the metadata service or to plain http", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(200, "secret")));
  const { upstream } = anOutlet("https://api.example");
  const targets = [
    `${server.origin}/x`,
    `https://127.0.0.1:${server.port}/x`,
    `https://localhost:${server.port}/x`,
    "http://169.254.169.254/latest/meta-data",
    "https://169.254.169.254/latest/meta-data",
    "http://files.example/x",
    "file:///etc/passwd",
  ];

  for (const target of targets) {
    const error = await failure(upstream.getSigned(new URL(target)));
    expect(error, target).toMatchObject({ code: "protocol", reason: "address_forbidden" });
  }
  expect(server.heads).toEqual([]);
});

test("a name that resolves to a private address is refused before anything connects", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(200, "secret")));
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const { upstream } = anOutlet("https://rebind.example", { resolve });

  const error = await failure(upstream.get(new URL(`https://rebind.example:${server.port}/x`), route));

  expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
  expect(server.heads).toEqual([]);
});

test("an untrusted certificate is refused, and taken once its authority is", async () => {
  const port = await aTlsServer();
  const url = new URL(`https://127.0.0.1:${port}/x`);
  const strict = anOutlet(url.origin);
  const trusting = anOutlet(url.origin, { ca: certificate.cert });

  expect(await failure(strict.upstream.get(url, route))).toMatchObject({ reason: "certificate_untrusted" });
  expect(await (await trusting.upstream.get(url, route)).json()).toEqual({ over: "tls" });
});

test("goes through a proxy, which sees neither key nor path", async () => {
  const port = await aTlsServer();
  const proxy = await aServer((socket, head) => {
    if (!head.startsWith("CONNECT")) return;
    socket.removeAllListeners("data");
    const inner = connectTcp(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(inner).pipe(socket);
    });
    inner.on("error", () => socket.destroy());
  });
  const settings = { url: `http://user:pass@127.0.0.1:${proxy.port}`, bypass: [] };
  const resolve = async () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }));
  const { upstream } = anOutlet("https://api.example", { proxy: settings, ca: certificate.cert, resolve });

  const answer = await upstream.get(new URL("https://api.example/secret/path"), route);

  expect(await answer.json()).toEqual({ over: "tls" });
  expect(proxy.heads).toHaveLength(1);
  expect(proxy.heads[0]).toMatch(/^CONNECT api\.example:443 /);
  expect(proxy.heads[0]).toContain(`Basic ${Buffer.from("user:pass").toString("base64")}`);
  expect(proxy.heads[0]).not.toMatch(/canary|secret/);
});

test("a proxy that refuses is told apart from the service", async () => {
  const proxy = await aServer((socket) => socket.end(rawAnswer(407)));
  const { upstream } = anOutlet("https://api.example", {
    proxy: { url: proxy.origin, bypass: [] },
    resolve: async () => [{ address: "93.184.216.34", family: 4 }],
  });

  const error = await failure(upstream.get(new URL("https://api.example/x"), route));

  expect(error).toMatchObject({ code: "unavailable", reason: "proxy_refused" });
});

test("a proxy that accepts and never answers is given up like a host that does not accept", async () => {
  const proxy = await aServer(() => undefined);
  const clock = fakeClock();
  const { upstream } = anOutlet("https://api.example", {
    ...clock,
    proxy: { url: proxy.origin, bypass: [] },
    resolve: async () => [{ address: "93.184.216.34", family: 4 }],
  });

  const asked = failure(upstream.get(new URL("https://api.example/x"), route));
  await vi.waitFor(() => expect(proxy.heads).toHaveLength(1));
  await clock.advance(httpLimits.connectMs + httpLimits.headersMs);

  expect(await asked).toMatchObject({ code: "unavailable", reason: "connect_timeout" });
});

test("a name known here as private is refused behind a proxy too, and this machine is asked directly", async () => {
  const proxy = await aServer((socket) => socket.end(rawAnswer(500)));
  const own = await aServer((socket) => socket.write(rawAnswer(200, "{}")));
  const settings = { url: proxy.origin, bypass: [] };
  const resolve = async () => [{ address: "10.0.0.7", family: 4 }];
  const inner = anOutlet("https://intranet.example", { proxy: settings, resolve });
  const local = anOutlet(own.origin, { proxy: settings });

  const error = await failure(inner.upstream.get(new URL("https://intranet.example/x"), route));
  await (await local.upstream.get(new URL(`${own.origin}/x`), route)).text();

  expect(error).toMatchObject({ reason: "address_forbidden" });
  expect(proxy.heads).toEqual([]);
});

test("a fingerprint stands for one key at one origin and does not tell the key", () => {
  const one = keyFingerprint({ origin: "https://a.example", headers: { authorization: "Bearer k1" } });

  expect(one).toMatch(/^[0-9a-f]{32}$/);
  expect(keyFingerprint({ origin: "https://a.example", headers: { authorization: "Bearer k1" } })).toBe(one);
  expect(keyFingerprint({ origin: "https://a.example", headers: { authorization: "Bearer k2" } })).not.toBe(one);
  expect(keyFingerprint({ origin: "https://b.example", headers: { authorization: "Bearer k1" } })).not.toBe(one);
});
