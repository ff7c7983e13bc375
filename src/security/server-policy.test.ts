import { describe, expect, test } from "vitest";
import { addressRanges, isLoopback, serverPolicy } from "./server-policy.ts";

const ask = (
  settings: Parameters<typeof serverPolicy>[0],
  request: {
    readonly peer?: string;
    readonly tls?: boolean;
    readonly host: string;
    readonly headers?: Record<string, string>;
  },
) =>
  serverPolicy(settings).caller({
    peer: request.peer ?? "127.0.0.1",
    tls: request.tls ?? false,
    host: request.host,
    header: (name) => request.headers?.[name],
  });

describe("host names", () => {
  const settings = { listenHost: "10.1.2.3", publicUrl: "https://cistern.example:8443", hosts: ["Other.example"] };

  for (const host of [
    "localhost",
    "localhost:7411",
    "127.0.0.1:7411",
    "[::1]:7411",
    "10.1.2.3:7411",
    "cistern.example",
    "CISTERN.example:8443",
    "cistern.example.",
    "other.example",
  ])
    test(`${host} is ours`, () => {
      expect(ask(settings, { host }).hostKnown).toBe(true);
    });

  for (const host of [
    "evil.example",
    "cistern.example.evil.example",
    "evilcistern.example",
    "",
    "cistern.example@evil.example",
    "cistern.example:80:80",
    "127.0.0.1.nip.example",
    "[::2]",
  ])
    test(`${host || "an empty name"} is not`, () => {
      expect(ask(settings, { host }).hostKnown).toBe(false);
    });
});

describe("forwarded headers", () => {
  const settings = {
    listenHost: "0.0.0.0",
    publicUrl: "https://cistern.example",
    trustedProxies: ["10.0.0.0/8", "fd00::/8"],
  };
  const headers = {
    "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "cistern.example",
  };

  test("count from a trusted proxy: the last address that no proxy owns is the caller's", () => {
    const caller = ask(settings, { peer: "::ffff:10.0.0.8", host: "backend", headers });

    expect(caller).toEqual({
      ip: "203.0.113.9",
      https: true,
      host: "cistern.example",
      hostKnown: true,
      loopback: false,
      inTheClear: false,
    });
  });

  test("count for nothing from anybody else", () => {
    const caller = ask(settings, { peer: "192.0.2.1", host: "cistern.example", headers });

    expect(caller).toMatchObject({ ip: "192.0.2.1", https: false });
    expect(ask(settings, { peer: "192.0.2.1", host: "evil.example", headers }).hostKnown).toBe(false);
  });

  test("that say nothing of the scheme leave that of the public address", () => {
    expect(ask(settings, { peer: "10.0.0.8", host: "cistern.example" }).https).toBe(true);
    expect(ask(settings, { peer: "192.0.2.1", host: "cistern.example" }).https).toBe(false);
  });

  test("a request of another machine past the proxy is in the clear", () => {
    expect(ask(settings, { peer: "192.0.2.1", host: "cistern.example", headers }).inTheClear).toBe(true);
    expect(ask(settings, { peer: "192.0.2.1", host: "cistern.example", tls: true }).inTheClear).toBe(false);
    expect(ask(settings, { peer: "::1", host: "localhost" }).inTheClear).toBe(false);
  });

  test("that hold rubbish leave the proxy's own address", () => {
    const rubbish = { "x-forwarded-for": "not an address" };

    expect(ask(settings, { peer: "10.0.0.8", host: "cistern.example", headers: rubbish }).ip).toBe("10.0.0.8");
  });
});

test("a connection with TLS is https whatever headers say", () => {
  expect(ask({ listenHost: "127.0.0.1" }, { host: "localhost", tls: true }).https).toBe(true);
});

test("loopback is this machine and nothing that looks like it", () => {
  for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ["localhost.evil", "127.0.0.1.evil", "128.0.0.1", "0.0.0.0", "::2", ""])
    expect(isLoopback(host), host).toBe(false);
});

test("a range that cannot be read is refused by name", () => {
  for (const range of ["10.0.0.0/33", "10.0.0.0/", "proxy.example", "fd00::/129", "10.0.0.0/x"])
    expect(() => addressRanges([range]), range).toThrow(`"${range}" is not an address`);
  expect(addressRanges(["192.0.2.7"])("192.0.2.7")).toBe(true);
  expect(addressRanges(["192.0.2.7"])("192.0.2.8")).toBe(false);
});
