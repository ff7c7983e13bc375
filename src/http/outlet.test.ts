import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, type Server } from "node:net";
import type { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OutletRequest } from "../model/destination.ts";
import { type TestAuthority, type TestCertificate, testAuthority } from "../testing/certificates.ts";
import { rawAnswer, rawServer } from "../testing/raw-server.ts";
import { systemResolve } from "./address-guard.ts";
import { createOutlet, createSockets, type OutletOptions } from "./outlet.ts";

const HERE = { allowNetworks: ["127.0.0.0/8"] };
const TOKEN = "canary-token-0123456789";
const cleanUp: (() => Promise<unknown>)[] = [];
let authority: TestAuthority;
let served: TestCertificate;

beforeAll(async () => {
  authority = await testAuthority();
  served = await authority.server("siem.example");
});

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function aServer(answer: Parameters<typeof rawServer>[0]) {
  const server = await rawServer(answer);
  cleanUp.push(server.close);
  return server;
}

async function listening(server: Server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.push(async () => {
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

/** Answers with the name in the client's certificate. */
async function aTlsServer(options: ServerOptions = {}) {
  const server = createHttpsServer({ ...served, ...options }, (request, response) => {
    const subject = (request.socket as TLSSocket).getPeerCertificate()?.subject;
    response.end(JSON.stringify({ client: subject?.CN ?? null }));
  });
  server.on("tlsClientError", () => undefined);
  const port = await listening(server);
  cleanUp.push(async () => server.closeAllConnections());
  return port;
}

/** Counts connections, and never says a word. */
async function aDoor() {
  const door = { port: 0, connections: 0 };
  const server = createTcpServer((socket) => {
    door.connections += 1;
    socket.destroy();
  });
  door.port = await listening(server);
  return door;
}

/** Connects every tunnel to one port of this machine, whatever name is asked for. Over TLS it asks for a certificate, too. */
async function aProxy(port: number, scheme: "http" | "https" = "http") {
  const asked: string[] = [];
  const options = { ...served, requestCert: true, rejectUnauthorized: false };
  const server = scheme === "http" ? createHttpServer() : createHttpsServer(options);
  server.on("connect", (request, socket) => {
    const shown = scheme === "http" ? undefined : (socket as TLSSocket).getPeerCertificate();
    asked.push(`${request.url} ${request.headers["proxy-authorization"] ?? ""}${shown?.subject?.CN ?? ""}`.trim());
    const inner = connectTcp(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(inner).pipe(socket);
    });
    for (const end of [inner, socket]) end.on("error", () => undefined);
    socket.on("close", () => inner.destroy());
  });
  return { url: `${scheme}://localhost:${await listening(server)}`, asked };
}

function anOutlet(options: Partial<OutletOptions> = {}) {
  const outlet = createOutlet({
    network: HERE,
    resolve: systemResolve,
    proxy: undefined,
    product: "cistern/9.9.9",
    ...options,
  });
  cleanUp.push(outlet.close);
  return (url: string, asked: Partial<OutletRequest> = {}) =>
    outlet.request(new URL(url), {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: "{}",
      signal: AbortSignal.timeout(20_000),
      limitMs: 5_000,
      ...asked,
    });
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const nameless = async () => {
  throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
};
const at = (address: string) => async () => [{ address, family: 4 }];

/** A name server that answers otherwise from the second time on. */
function changing(first: string, then: string) {
  const looks = { count: 0 };
  const resolve = async () => {
    looks.count += 1;
    return at(looks.count === 1 ? first : then)();
  };
  return { looks, resolve };
}

test("sends what it is given, in our name, and asks for nothing compressed", async () => {
  const server = await aServer((socket) => socket.write(rawAnswer(200, "taken", { "x-kind": "a" })));

  const answer = await anOutlet()(`${server.origin}/in?x=1`, { headers: { "accept-encoding": "gzip, br" } });

  expect(answer).toMatchObject({ status: 200, text: "taken" });
  expect(answer.headers.get("x-kind")).toBe("a");
  expect(server.heads[0]).toMatch(/^POST \/in\?x=1 HTTP\/1\.1/);
  expect(server.heads[0]).toContain("user-agent: cistern/9.9.9");
  expect(server.heads[0]?.match(/accept-encoding: .*/g)).toEqual(["accept-encoding: identity"]);
});

test.each([301, 302, 303, 307, 308])(
  "an answer of %i comes back as it is, and nobody goes where it leads",
  async (status) => {
    const other = await aServer((socket) => socket.write(rawAnswer(200, "stolen")));
    const server = await aServer((socket) => socket.write(rawAnswer(status, "", { location: `${other.origin}/x` })));

    const answer = await anOutlet()(server.origin);

    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBe(`${other.origin}/x`);
    expect(other.heads).toEqual([]);
  },
);

test.each([400, 401, 413, 429, 500, 503])("an answer of %i is an answer", async (status) => {
  const server = await aServer((socket) => socket.write(rawAnswer(status, "no")));

  expect(await anOutlet()(server.origin)).toMatchObject({ status, text: "no" });
});

describe("what does not answer ends within the limit", () => {
  const slow: readonly [string, Parameters<typeof rawServer>[0], string][] = [
    ["a server that is silent", () => undefined, "answer_timeout"],
    ["a server that stops in its headers", (socket) => socket.write("HTTP/1.1 200 OK\r\nx-y: "), "answer_timeout"],
    [
      "a server that sends a byte a second",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
        const drip = setInterval(() => socket.write("x"), 1_000);
        socket.once("close", () => clearInterval(drip));
      },
      "answer_timeout",
    ],
    [
      "one that sends compressed bytes as slowly",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n");
        const drip = setInterval(() => socket.write("x"), 1_000);
        socket.once("close", () => clearInterval(drip));
      },
      "answer_timeout",
    ],
    ["a server that closes without a word", (socket) => socket.end(), "connection_reset"],
    ["a server that resets", (socket) => socket.resetAndDestroy(), "connection_reset"],
    [
      "a server that closes in the middle of its answer",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
      "connection_reset",
    ],
    ["a server that speaks something else", (socket) => socket.end("220 mail.example ESMTP\r\n"), "network"],
  ];
  test.each(slow)("%s", async (_, answer, reason) => {
    const server = await aServer(answer);
    const startedMs = performance.now();

    const error = await failure(anOutlet()(server.origin, { limitMs: 1_500 }));

    expect(error).toMatchObject({ code: "unavailable", reason });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(String(error)).not.toContain(TOKEN);
  });

  test("a name server that never answers", async () => {
    const send = anOutlet({ resolve: () => new Promise(() => undefined) });

    const error = await failure(send("https://siem.example/", { limitMs: 1_000 }));

    expect(error).toMatchObject({ code: "unavailable", reason: "answer_timeout" });
  });

  test("a proxy that takes the connection and never opens the tunnel", async () => {
    const proxy = await aServer(() => undefined);
    const send = anOutlet({ proxy: { url: proxy.origin, bypass: [] }, resolve: nameless });

    const error = await failure(send("https://siem.example/", { limitMs: 1_000 }));

    expect(proxy.heads).toHaveLength(1);
    expect(error).toMatchObject({ code: "unavailable", reason: "answer_timeout" });
  });

  test("nothing listens", async () => {
    const server = await rawServer(() => undefined);
    await server.close();

    expect(await failure(anOutlet()(server.origin))).toMatchObject({ reason: "connection_refused" });
  });
});

test("an abort ends a request under way, with the reason that was given", async () => {
  const server = await aServer(() => stop.abort(new Error("stopped")));
  const stop = new AbortController();

  expect(await failure(anOutlet()(server.origin, { signal: stop.signal }))).toBe(stop.signal.reason);
  expect(await failure(anOutlet()(server.origin, { signal: stop.signal }))).toBe(stop.signal.reason);
  expect(server.heads).toHaveLength(1);
});

describe("certificates", () => {
  test("an unknown authority is refused, a named one is trusted, and only for the right name", async () => {
    const port = await aTlsServer();
    const trusting = { ...HERE, ca: authority.cert };
    const resolve = at("127.0.0.1");

    expect(await failure(anOutlet()(`https://127.0.0.1:${port}`))).toMatchObject({
      code: "unavailable",
      reason: "certificate_untrusted",
    });
    expect(await anOutlet({ network: trusting })(`https://127.0.0.1:${port}`)).toMatchObject({ status: 200 });
    expect(await anOutlet({ network: trusting, resolve })(`https://siem.example:${port}`)).toMatchObject({
      status: 200,
    });
    expect(await failure(anOutlet({ network: trusting, resolve })(`https://other.example:${port}`))).toMatchObject({
      reason: "certificate_name",
    });
  });

  test("a client certificate is presented, and without one a server that wants it does not answer", async () => {
    const port = await aTlsServer({ requestCert: true, rejectUnauthorized: true, ca: authority.cert });
    const { cert, key } = await authority.client("cistern-at-hq");
    const network = { ...HERE, ca: authority.cert };
    const url = `https://127.0.0.1:${port}`;

    const answer = await anOutlet({ network: { ...network, clientCert: cert, clientKey: key } })(url);
    const without = await failure(anOutlet({ network })(url));

    expect(JSON.parse(answer.text)).toEqual({ client: "cistern-at-hq" });
    expect(without).toMatchObject({ code: "unavailable" });
  });

  test("a client certificate that cannot be used is a mistake in the settings", async () => {
    const door = await aDoor();
    const [one, other] = [await authority.client("one"), await authority.client("other")];
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const pairs = [
      { clientCert: one.cert, clientKey: other.key },
      { clientCert: one.cert },
      { clientKey: one.key },
      { clientCert: broken, clientKey: one.key },
    ];

    for (const pair of pairs) {
      const error = await failure(anOutlet({ network: { ...HERE, ...pair } })(`https://127.0.0.1:${door.port}`));
      expect(error).toMatchObject({ code: "config_invalid", reason: "certificate_unusable" });
    }
    expect(door.connections).toBe(0);
  });
});

describe("addresses", () => {
  test("what may not be asked is refused before anything connects", async () => {
    const door = await aDoor();
    const nowhere = { allowNetworks: [] };
    const targets: readonly [string, Partial<OutletOptions>][] = [
      [`https://127.0.0.1:${door.port}`, { network: nowhere }],
      [`http://127.0.0.1:${door.port}`, { network: nowhere }],
      [`https://2130706433:${door.port}`, { network: nowhere }],
      [`https://[::ffff:127.0.0.1]:${door.port}`, { network: nowhere }],
      ["https://169.254.169.254/latest/meta-data", {}],
      ["http://169.254.169.254/latest/meta-data", { network: { allowNetworks: ["169.254.0.0/16"] } }],
      [`https://rebind.example:${door.port}`, { network: nowhere, resolve: at("127.0.0.1") }],
      ["https://metadata.example", { resolve: at("169.254.169.254") }],
      [`http://user:password@127.0.0.1:${door.port}`, {}],
      ["file:///etc/passwd", {}],
    ];

    for (const [url, options] of targets) {
      const error = await failure(anOutlet(options)(url));
      expect(error, url).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    }
    expect(door.connections).toBe(0);
  });

  test("a name with one public and one forbidden address is refused as a whole", async () => {
    const door = await aDoor();
    const resolve = async () => [...(await at("93.184.216.34")()), ...(await at("127.0.0.1")())];

    const error = await failure(
      anOutlet({ network: { allowNetworks: [] }, resolve })(`https://both.example:${door.port}`),
    );

    expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    expect(door.connections).toBe(0);
  });

  test("a name that leads elsewhere at the second look is refused, too", async () => {
    const door = await aDoor();
    const { looks, resolve } = changing("93.184.216.34", "127.0.0.1");

    const send = anOutlet({ network: { allowNetworks: [] }, resolve });
    const error = await failure(send(`https://rebind.example:${door.port}`));

    expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    expect(looks.count).toBe(2);
    expect(door.connections).toBe(0);
  });

  test("plain http is refused for a public name, at the first look and at the second", async () => {
    const { looks, resolve } = changing("127.0.0.1", "93.184.216.34");

    for (const options of [{ resolve: at("93.184.216.34") }, { resolve }])
      expect(await failure(anOutlet(options)("http://siem.example/"))).toMatchObject({
        code: "config_invalid",
        reason: "address_forbidden",
      });
    expect(looks.count).toBe(2);
  });

  test("sockets are held to the same: no private address, nothing in the clear beyond the networks named", async () => {
    const strict = createSockets({ network: { allowNetworks: [] }, resolve: at("10.0.0.7") });
    const open = createSockets({ network: { allowNetworks: ["10.0.0.0/8"] }, resolve: at("10.0.0.7") });
    const world = createSockets({ network: HERE, resolve: at("93.184.216.34") });

    expect(await failure(strict.permitted("a.example"))).toMatchObject({ reason: "address_forbidden" });
    expect(await open.permitted("a.example")).toEqual([{ address: "10.0.0.7", family: 4 }]);
    expect(await failure(open.assertMayBeClear("a.example"))).toBeUndefined();
    expect(await failure(world.assertMayBeClear("a.example"))).toMatchObject({ reason: "address_forbidden" });
  });
});

describe("through a proxy", () => {
  const network = { allowNetworks: [] };

  test("goes the encrypted way, also to names that only the proxy knows; it sees neither token nor path", async () => {
    const proxy = await aProxy(await aTlsServer());
    const settings = { url: proxy.url.replace("//", "//user:pass@"), bypass: [] };
    const trusting = { ...network, ca: authority.cert };
    const send = anOutlet({ network: trusting, proxy: settings, resolve: nameless });

    expect(await send("https://siem.example/secret/path")).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`siem.example:443 Basic ${Buffer.from("user:pass").toString("base64")}`]);
  });

  test.each(["http", "https"] as const)(
    "over %s a client certificate goes to the destination, not to the proxy",
    async (scheme) => {
      const proxy = await aProxy(await aTlsServer({ requestCert: true, ca: authority.cert }), scheme);
      const { cert, key } = await authority.client("cistern-at-hq");
      const trusting = { ...network, ca: authority.cert, clientCert: cert, clientKey: key };
      const send = anOutlet({ network: trusting, proxy: { url: proxy.url, bypass: [] }, resolve: nameless });

      expect(JSON.parse((await send("https://siem.example/")).text)).toEqual({ client: "cistern-at-hq" });
      expect(proxy.asked).toEqual(["siem.example:443"]);
    },
  );

  test("is not gone through to named networks, to hosts that bypass it, or where the settings say so", async () => {
    const port = await aTlsServer();
    const proxy = await aProxy(port);
    const trusting = { ...HERE, ca: authority.cert };
    const options = { network: trusting, resolve: at("127.0.0.1"), proxy: { url: proxy.url, bypass: [] } };

    await anOutlet(options)(`https://siem.example:${port}`);
    await anOutlet({ ...options, proxy: { url: proxy.url, bypass: ["siem.example"] } })(`https://siem.example:${port}`);
    await anOutlet({ ...options, network: { ...trusting, useProxy: false } })(`https://siem.example:${port}`);

    expect(proxy.asked).toEqual([]);
  });

  test("a name known here as forbidden is refused all the same", async () => {
    const proxy = await aProxy(1);
    const send = anOutlet({ proxy: { url: proxy.url, bypass: [] }, resolve: at("10.0.0.7") });

    expect(await failure(send("https://intranet.example/"))).toMatchObject({ reason: "address_forbidden" });
    expect(proxy.asked).toEqual([]);
  });

  test("a proxy that refuses is told apart from the service", async () => {
    const proxy = await aServer((socket) => socket.end(rawAnswer(407)));
    const send = anOutlet({ proxy: { url: proxy.origin, bypass: [] }, resolve: nameless });

    expect(await failure(send("https://siem.example/"))).toMatchObject({
      code: "unavailable",
      reason: "proxy_refused",
    });
  });
});

describe("answers that are too much", () => {
  test("are cut at 4 MB, and the connection with them", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await aServer((socket) => {
      socket.once("close", () => closed.resolve());
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\n\r\n`);
      const piece = Buffer.alloc(1_000_000, "x");
      const more = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on("drain", more);
      more();
    });

    const { status, text } = await anOutlet()(server.origin);
    await closed.promise;

    expect(status).toBe(200);
    expect(text).toHaveLength(4_000_000);
  });

  test("are not inflated where they come compressed uninvited; the status counts", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = await aServer((socket) => {
      socket.write(`HTTP/1.1 503 X\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });

    const answer = await anOutlet()(server.origin);

    expect(answer).toMatchObject({ status: 503, text: "" });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
  });

  test("an answer that comes before everything is sent is an answer", async () => {
    const server = await aServer((socket) => socket.write(rawAnswer(413, "too large")));

    const answer = await anOutlet()(server.origin, { body: Buffer.alloc(30_000_000, "x") });

    expect(answer).toMatchObject({ status: 413, text: "too large" });
  });
});
