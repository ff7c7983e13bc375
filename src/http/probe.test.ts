import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import { rawAnswer, rawServer } from "../testing/raw-server.ts";
import { createProbe, type ProbeOptions } from "./probe.ts";

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function probed(url: string, options: Partial<ProbeOptions> = {}) {
  const probe = createProbe({
    ...fakeClock(new Date().toISOString()),
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    limits: { connectMs: 10_000 },
    proxy: undefined,
    ca: undefined,
    ...options,
  });
  const steps: CheckStep[] = [];
  for await (const step of probe(new URL(url), new AbortController().signal)) steps.push(step);
  return steps.filter(({ state }) => state !== "running");
}

const states = (steps: readonly CheckStep[]) => steps.map(({ id, state, reason }) => [id, state, reason]);

async function aTlsServer(days: number) {
  const notAfterDate = new Date(Date.now() + days * 86_400_000);
  const notBeforeDate = new Date(Date.now() - 400 * 86_400_000);
  const pair = await generate([{ name: "commonName", value: "Test authority" }], {
    notAfterDate,
    notBeforeDate,
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  const server = createTlsServer({ key: pair.private, cert: pair.cert });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, ca: pair.cert };
}

test("tells of a plain address on this machine without asking for a certificate", async () => {
  const server = await rawServer(() => undefined);
  open.push(server.close);

  const steps = await probed(`${server.origin}/v1`);

  expect(states(steps)).toEqual([
    ["dns", "ok", undefined],
    ["connect", "ok", undefined],
    ["tls", "skipped", undefined],
  ]);
  expect(server.heads).toEqual([]);
});

test("names issuer and expiry of a certificate, and warns when it expires soon", async () => {
  const long = await aTlsServer(200);
  const short = await aTlsServer(5);

  const fine = (await probed(long.url, { ca: long.ca })).at(-1);
  const soon = (await probed(short.url, { ca: short.ca })).at(-1);

  expect(fine).toMatchObject({ id: "tls", state: "ok" });
  expect(fine?.detail).toMatch(/^Issued by Test authority, valid until \d{4}-\d\d-\d\d$/);
  expect(soon).toMatchObject({ state: "warning", reason: "certificate_expires_soon" });
  expect(soon?.remedy).toMatch(/in [45] days/);
});

test("an untrusted certificate fails its own step, with a remedy", async () => {
  const { url } = await aTlsServer(200);

  const steps = await probed(url);

  expect(states(steps)).toEqual([
    ["dns", "ok", undefined],
    ["connect", "ok", undefined],
    ["tls", "failed", "certificate_untrusted"],
  ]);
  expect(steps[2]?.remedy).toMatch(/NODE_EXTRA_CA_CERTS/);
});

test("a name that does not resolve skips what comes after", async () => {
  const resolve = async () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }));

  const steps = await probed("https://nowhere.example/v1", { resolve });

  expect(states(steps)).toEqual([
    ["dns", "failed", "dns_failed"],
    ["connect", "skipped", undefined],
    ["tls", "skipped", undefined],
  ]);
});

test("a private address is refused and never dialled", async () => {
  const server = await rawServer(() => undefined);
  open.push(server.close);

  const steps = await probed(`https://inside.example:${server.port}/v1`);

  expect(states(steps)[0]).toEqual(["dns", "failed", "address_forbidden"]);
});

test("a closed port fails the connection", async () => {
  const server = await rawServer(() => undefined);
  await server.close();

  expect(states(await probed(`${server.origin}/v1`))).toEqual([
    ["dns", "ok", undefined],
    ["connect", "failed", "connection_refused"],
    ["tls", "skipped", undefined],
  ]);
});

test("a proxy that does not open a way fails the connection", async () => {
  const proxy = await rawServer((socket) => socket.end(rawAnswer(403)));
  open.push(proxy.close);

  const steps = await probed("https://api.example/v1", { proxy: { url: proxy.origin, bypass: [] } });

  expect(states(steps)).toEqual([
    ["dns", "ok", undefined],
    ["connect", "failed", "proxy_refused"],
    ["tls", "skipped", undefined],
  ]);
  expect(proxy.heads[0]).toMatch(/^CONNECT api\.example:443 /);
});
