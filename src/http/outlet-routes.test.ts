import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, type Server } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { anOutlet, at, failureOf, HERE, nameless } from "../testing/an-outlet.ts";
import { type TestAuthority, type TestCertificate, testAuthority } from "../testing/certificates.ts";
import { createSockets, type OutletOptions } from "./outlet.ts";

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

function anOutletOf(options: Partial<OutletOptions> = {}) {
  const { send, close } = anOutlet(options);
  cleanUp.push(close);
  return send;
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

/** A name server that answers otherwise from the second time on. */
function changing(first: string, then: string) {
  const looks = { count: 0 };
  const resolve = async () => {
    looks.count += 1;
    return at(looks.count === 1 ? first : then)();
  };
  return { looks, resolve };
}

describe("certificates", () => {
  test("an unknown authority is refused, a named one is trusted, and only for the right name", async () => {
    const port = await aTlsServer();
    const trusting = { ...HERE, ca: authority.cert };
    const resolve = at("127.0.0.1");

    expect(await failureOf(anOutletOf()(`https://127.0.0.1:${port}`))).toMatchObject({
      code: "unavailable",
      reason: "certificate_untrusted",
    });
    expect(await anOutletOf({ network: trusting })(`https://127.0.0.1:${port}`)).toMatchObject({ status: 200 });
    expect(await anOutletOf({ network: trusting, resolve })(`https://siem.example:${port}`)).toMatchObject({
      status: 200,
    });
    expect(await failureOf(anOutletOf({ network: trusting, resolve })(`https://other.example:${port}`))).toMatchObject({
      reason: "certificate_name",
    });
  });

  test("a client certificate is presented, and without one a server that wants it does not answer", async () => {
    const port = await aTlsServer({ requestCert: true, rejectUnauthorized: true, ca: authority.cert });
    const { cert, key } = await authority.client("cistern-at-hq");
    const network = { ...HERE, ca: authority.cert };
    const url = `https://127.0.0.1:${port}`;

    const answer = await anOutletOf({ network: { ...network, clientCert: cert, clientKey: key } })(url);
    const without = await failureOf(anOutletOf({ network })(url));

    expect(JSON.parse(answer.text)).toEqual({ client: "cistern-at-hq" });
    expect(without).toMatchObject({ code: "unavailable" });
  });

  test("certificates that cannot be used are a mistake in the settings", async () => {
    const door = await aDoor();
    const [one, other] = [await authority.client("one"), await authority.client("other")];
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const pairs = [
      { clientCert: one.cert, clientKey: other.key },
      { clientCert: one.cert },
      { clientKey: one.key },
      { clientCert: broken, clientKey: one.key },
      { ca: broken },
    ];

    for (const pair of pairs) {
      const error = await failureOf(anOutletOf({ network: { ...HERE, ...pair } })(`https://127.0.0.1:${door.port}`));
      expect(error).toMatchObject({ code: "config_invalid", reason: "certificate_unreadable" });
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
      const error = await failureOf(anOutletOf(options)(url));
      expect(error, url).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    }
    expect(door.connections).toBe(0);
  });

  test("a name with one public and one forbidden address is refused as a whole", async () => {
    const door = await aDoor();
    const resolve = async () => [...(await at("93.184.216.34")()), ...(await at("127.0.0.1")())];

    const error = await failureOf(
      anOutletOf({ network: { allowNetworks: [] }, resolve })(`https://both.example:${door.port}`),
    );

    expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    expect(door.connections).toBe(0);
  });

  test("a name that leads elsewhere at the second look is refused, too", async () => {
    const door = await aDoor();
    const { looks, resolve } = changing("93.184.216.34", "127.0.0.1");

    const send = anOutletOf({ network: { allowNetworks: [] }, resolve });
    const error = await failureOf(send(`https://rebind.example:${door.port}`));

    expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    expect(looks.count).toBe(2);
    expect(door.connections).toBe(0);
  });

  test("plain http is refused for a public name, at the first look and at the second", async () => {
    const { looks, resolve } = changing("127.0.0.1", "93.184.216.34");

    for (const options of [{ resolve: at("93.184.216.34") }, { resolve }])
      expect(await failureOf(anOutletOf(options)("http://siem.example/"))).toMatchObject({
        code: "config_invalid",
        reason: "address_forbidden",
      });
    expect(looks.count).toBe(2);
  });

  test("sockets are held to the same: no private address, nothing in the clear beyond the networks named", async () => {
    const strict = createSockets({ network: { allowNetworks: [] }, resolve: at("10.0.0.7") });
    const open = createSockets({ network: { allowNetworks: ["10.0.0.0/8"] }, resolve: at("10.0.0.7") });
    const world = createSockets({ network: HERE, resolve: at("93.184.216.34") });

    expect(await failureOf(strict.permitted("a.example"))).toMatchObject({ reason: "address_forbidden" });
    expect(await open.permitted("a.example")).toEqual([{ address: "10.0.0.7", family: 4 }]);
    expect(await failureOf(open.assertMayBeClear("a.example"))).toBeUndefined();
    expect(await failureOf(world.assertMayBeClear("a.example"))).toMatchObject({ reason: "address_forbidden" });
  });
});

describe("through a proxy", () => {
  const network = { allowNetworks: [] };

  test("goes the encrypted way, also to names that only the proxy knows; it sees neither token nor path", async () => {
    const proxy = await aProxy(await aTlsServer());
    const settings = { url: proxy.url.replace("//", "//user:pass@"), bypass: [] };
    const trusting = { ...network, ca: authority.cert };
    const send = anOutletOf({ network: trusting, proxy: settings, resolve: nameless });

    expect(await send("https://siem.example/secret/path")).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`siem.example:443 Basic ${Buffer.from("user:pass").toString("base64")}`]);
  });

  test.each(["http", "https"] as const)(
    "over %s a client certificate goes to the destination, not to the proxy",
    async (scheme) => {
      const proxy = await aProxy(await aTlsServer({ requestCert: true, ca: authority.cert }), scheme);
      const { cert, key } = await authority.client("cistern-at-hq");
      const trusting = { ...network, ca: authority.cert, clientCert: cert, clientKey: key };
      const send = anOutletOf({ network: trusting, proxy: { url: proxy.url, bypass: [] }, resolve: nameless });

      expect(JSON.parse((await send("https://siem.example/")).text)).toEqual({ client: "cistern-at-hq" });
      expect(proxy.asked).toEqual(["siem.example:443"]);
    },
  );

  test("is not gone through to named networks, to hosts that bypass it, or where the settings say so", async () => {
    const port = await aTlsServer();
    const proxy = await aProxy(port);
    const trusting = { ...HERE, ca: authority.cert };
    const options = { network: trusting, resolve: at("127.0.0.1"), proxy: { url: proxy.url, bypass: [] } };

    await anOutletOf(options)(`https://siem.example:${port}`);
    await anOutletOf({ ...options, proxy: { url: proxy.url, bypass: ["siem.example"] } })(
      `https://siem.example:${port}`,
    );
    await anOutletOf({ ...options, network: { ...trusting, useProxy: false } })(`https://siem.example:${port}`);

    expect(proxy.asked).toEqual([]);
  });

  test("a name known here as forbidden is refused all the same", async () => {
    const proxy = await aProxy(1);
    const send = anOutletOf({ proxy: { url: proxy.url, bypass: [] }, resolve: at("10.0.0.7") });

    expect(await failureOf(send("https://intranet.example/"))).toMatchObject({ reason: "address_forbidden" });
    expect(proxy.asked).toEqual([]);
  });

  test("a proxy that refuses is told apart from the service", async () => {
    const server = createHttpServer().on("connect", (_, socket) => socket.end("HTTP/1.1 407 X\r\n\r\n"));
    const url = `http://127.0.0.1:${await listening(server)}`;
    const send = anOutletOf({ proxy: { url, bypass: [] }, resolve: nameless });

    expect(await failureOf(send("https://siem.example/"))).toMatchObject({
      code: "unavailable",
      reason: "proxy_refused",
    });
  });
});
