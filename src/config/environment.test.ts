import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { isLoopback, parseListen } from "./listen.ts";
import { editDistance, nearest } from "./nearest.ts";

const folder = mkdtempSync(join(tmpdir(), "cistern-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("an empty environment gives the defaults", () => {
  expect(readEnvironment({})).toEqual({
    configFile: undefined,
    dataDir: "./data",
    listen: { host: "127.0.0.1", port: 7411 },
    publicUrl: undefined,
    tlsCertFile: undefined,
    tlsKeyFile: undefined,
    trustedProxies: [],
    secretKey: undefined,
    logLevel: "info",
    proxy: { https: undefined, none: undefined },
  });
});

test("the secret key comes from its file without the line end, and is given in one way only", () => {
  const file = join(folder, "key");
  writeFileSync(file, "canary\n");

  expect(readEnvironment({ CISTERN_SECRET_KEY_FILE: file }).secretKey).toBe("canary");
  expect(() => readEnvironment({ CISTERN_SECRET_KEY_FILE: file, CISTERN_SECRET_KEY: "x" })).toThrow(/both set/);
  expect(() => readEnvironment({ CISTERN_SECRET_KEY_FILE: `${file}.not` })).toThrow(/cannot be read \(ENOENT\)/);
});

test.each([
  ["CISTERN_LISTEN", "7411"],
  ["CISTERN_LOG_LEVEL", "loud"],
  ["HTTPS_PROXY", "proxy.example:3128"],
])("%s=%s is refused by name", (name, value) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(`The environment variable ${name} is not`);
});

describe("addresses to listen on", () => {
  test.each([
    ["127.0.0.1:7411", { host: "127.0.0.1", port: 7411 }],
    ["[::1]:0", { host: "::1", port: 0 }],
    ["localhost:65535", { host: "localhost", port: 65_535 }],
    ["localhost:65536", undefined],
    ["::1:80", undefined],
    [":80", undefined],
    ["http://x:80", undefined],
  ])("%s", (text, listen) => {
    expect(parseListen(text)).toEqual(listen);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["::1", true],
    ["[::1]", true],
    ["console.localhost", true],
    ["0.0.0.0", false],
    ["127.0.0.1.example.com", false],
    ["10.0.0.1", false],
  ])("%s is of this machine only: %s", (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback);
  });
});

describe("the nearest name", () => {
  test.each([
    ["stauts", ["status", "start"], "status"],
    ["SITE", ["site", "sites"], "site"],
    ["xyz", ["status", "start"], undefined],
    ["", ["a"], "a"],
  ])("to %j is %j's %j", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  test("is found by how many characters differ", () => {
    expect([editDistance("", "abc"), editDistance("kitten", "sitting"), editDistance("same", "same")]).toEqual([
      3, 3, 0,
    ]);
  });
});
