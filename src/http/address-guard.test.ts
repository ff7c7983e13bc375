import fc from "fast-check";
import { expect, test } from "vitest";
import {
  assertPermitted,
  guardedLookup,
  isForbiddenAddress,
  isLoopbackHost,
  type Resolve,
  resolvePermitted,
} from "./address-guard.ts";

const forbidden = [
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "100.100.100.200",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "168.63.129.16",
  "::",
  "::1",
  "::ffff:10.0.0.1",
  "::ffff:8.8.8.8",
  "::ffff:169.254.169.254",
  "64:ff9b::a9fe:a9fe",
  "2002:a9fe:a9fe::",
  "2001::1",
  "2001:db8::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "ff02::1",
  "not an address",
  "",
];

test.each(forbidden)("refuses %s", (address) => {
  expect(isForbiddenAddress(address, false)).toBe(true);
});

test.each(["8.8.8.8", "104.18.32.47", "172.15.0.1", "172.32.0.1", "2606:4700::6812:202f", "2a00:1450:4001:81b::200e"])(
  "allows the public address %s",
  (address) => {
    expect(isForbiddenAddress(address, false)).toBe(false);
    expect(isForbiddenAddress(address, true)).toBe(false);
  },
);

test("opening loopback opens nothing else", () => {
  const opened = forbidden.filter((address) => !isForbiddenAddress(address, true));

  expect(opened).toEqual(["127.0.0.1", "127.255.255.254", "::1"]);
});

test("every spelling of a private IPv4 address in a URL is refused", () => {
  const spellings = (a: number, b: number, c: number, d: number) => {
    const whole = ((a * 256 + b) * 256 + c) * 256 + d;
    const hex = (byte: number) => `0x${byte.toString(16)}`;
    const octal = (byte: number) => `0${byte.toString(8)}`;
    return [
      `${a}.${b}.${c}.${d}`,
      String(whole),
      `0x${whole.toString(16)}`,
      [a, b, c, d].map(hex).join("."),
      [a, b, c, d].map(octal).join("."),
      `${a}.${b}.${c * 256 + d}`,
      `[::ffff:${a}.${b}.${c}.${d}]`,
    ];
  };
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.constantFrom([10], [127], [192, 168], [169, 254], [172, 20]), byte, byte, byte, (net, x, y, z) => {
      const [a, b, c, d] = [...net, x, y, z] as [number, number, number, number];
      for (const host of spellings(a, b, c, d)) {
        expect(() => assertPermitted(new URL(`https://${host}/`), false), host).toThrow(/range/);
      }
    }),
  );
});

test("takes https, and http only to this machine where loopback is open", () => {
  const permitted = (url: string, loopback: boolean) => () => assertPermitted(new URL(url), loopback);

  expect(permitted("https://api.chatgpt.com/v1", false)).not.toThrow();
  expect(permitted("http://127.0.0.1:7412/v1", true)).not.toThrow();
  expect(permitted("http://localhost:7412/v1", true)).not.toThrow();
  expect(permitted("http://[::1]:7412/v1", true)).not.toThrow();
  expect(permitted("http://127.0.0.1:7412/v1", false)).toThrow(/only https/);
  expect(permitted("http://api.chatgpt.com/v1", true)).toThrow(/only https/);
  expect(permitted("ftp://api.chatgpt.com/", true)).toThrow(/https/);
  expect(permitted("file:///etc/passwd", true)).toThrow(/https/);
  expect(permitted("https://user:pw@api.chatgpt.com/", false)).toThrow(/user name/);
  expect(permitted("https://169.254.169.254/latest/meta-data", true)).toThrow(/range/);
});

test("knows this machine by its names and addresses", () => {
  const hosts = [
    "localhost",
    "LOCALHOST",
    "a.localhost",
    "127.0.0.1",
    "127.8.9.1",
    "[::1]",
    "localhost.example",
    "8.8.8.8",
  ];

  expect(hosts.map(isLoopbackHost)).toEqual([true, true, true, true, true, true, false, false]);
});

test("refuses a name as a whole when one of its addresses is forbidden", async () => {
  const mixed: Resolve = async () => [
    { address: "8.8.8.8", family: 4 },
    { address: "10.0.0.1", family: 4 },
  ];

  await expect(resolvePermitted(mixed, "rebind.example", false)).rejects.toMatchObject({
    code: "config_invalid",
    reason: "address_forbidden",
  });
});

test("hands out the very addresses that were checked, asking the name server once", async () => {
  let asked = 0;
  const changing: Resolve = async () => {
    asked += 1;
    return [{ address: asked === 1 ? "8.8.8.8" : "127.0.0.1", family: 4 }];
  };
  const lookup = guardedLookup(changing, false);
  const ask = () =>
    new Promise((resolve) => lookup("rebind.example", { all: true }, (error, found) => resolve(error ?? found)));

  expect(await ask()).toEqual([{ address: "8.8.8.8", family: 4 }]);
  expect(await ask()).toMatchObject({ reason: "address_forbidden" });
  expect(asked).toBe(2);
});
