import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";
import { runHere } from "./fixtures/run-here.ts";

const now = new Date("2026-07-15T16:10:00Z");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-wrong-input-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("wrong usage ends with 2, with a sentence and what to do:", () => {
  const cases: readonly [readonly string[], string, RegExp][] = [
    [["check"], "No configuration file is named", /--config/],
    [["sandbox", "--quirks", "{bad"], "The value of --quirks is not JSON", /docs\/sandbox\.md/],
    [["sandbox", "--quirks", '{"nope":1}'], "Quirk 'nope' must be one of those", /docs\/sandbox\.md/],
    [
      ["events", "export", "--from", "2026-12-01", "--to", "2026-11-01"],
      "--from must be before --to, whose instant is not included",
      /--help/,
    ],
  ];

  test.each(cases)("cistern %j", async (args, sentence, remedy) => {
    const { code, stdout, stderr } = await runHere(args, { now });

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [first, second] = stderr.split("\n");
    expect(first).toContain(`cistern: ${sentence}`);
    expect(second).toMatch(remedy);
  });
});

describe("what is refused makes no folder:", () => {
  const cases: readonly [string, (dataDir: string) => readonly string[], string, number][] = [
    ["a proxy that is none", (at) => ["serve", "--trusted-proxy", "here", "--data-dir", at], "is not an address", 2],
    ["a file that is none", (at) => ["run", "--config", join(folder, "letter"), "--data-dir", at], "letter:1:1 ", 2],
    ["a certificate that is none", (at) => [...withCertificate("letter"), "--data-dir", at], "cannot be used", 2],
    ["a certificate that is not there", (at) => [...withCertificate("no"), "--data-dir", at], "cannot be read", 2],
    ["a key for data that are not there", (at) => ["keys", "rotate", "--data-dir", at], "does not exist", 1],
    ["a backup that is none", (at) => ["restore", join(folder, "letter"), "--data-dir", at], "no backup of Cistern", 1],
    ["a run with nothing to collect", (at) => ["run", "--data-dir", at], "No collector is set up", 1],
  ];
  const withCertificate = (name: string) =>
    ["serve", "--tls-cert", join(folder, name), "--tls-key", join(folder, name), "--listen", "127.0.0.1:0"] as const;

  test.each(cases)("%s", async (_, args, sentence, exitCode) => {
    writeFileSync(join(folder, "letter"), "dear\n".repeat(400));
    const dataDir = join(folder, "data");

    const { code, stderr } = await runCli(args(dataDir), { CISTERN_LOG_LEVEL: "warn" });

    expect(code).toBe(exitCode);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^ {2}\S/);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe("a data folder that cannot be used is named, with what to do, by", () => {
  const commands = {
    serve: ["serve", "--listen", "127.0.0.1:0"],
    status: ["status"],
    "events export": ["events", "export"],
    "events search": ["events", "search", "x"],
    gaps: ["gaps"],
    ack: ["ack"],
    doctor: ["doctor"],
    backup: ["backup", "--out", "/tmp/never-written.backup"],
    "token create": ["token", "create", "--role", "viewer", "--name", "x"],
    "keys rotate": ["keys", "rotate"],
    "keys forget": ["keys", "forget", "--yes"],
  } as const;

  test.each(Object.entries(commands))("%s, where it is a file", async (_, args) => {
    const file = join(folder, "file");
    writeFileSync(file, "dear\n");

    const { code, stdout, stderr } = await runHere([...args, "--data-dir", file], { now });

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^cistern: .*\n {2}\S.*\n$/);
    expect(stderr).toContain(file);
    expect(stderr).not.toMatch(/unexpected|fault of Cistern/);
  });
});

describe("a data folder that this user may not read is no empty one, says", () => {
  const commands = [
    ["status"],
    ["serve", "--listen", "127.0.0.1:0"],
    ["run"],
    ["keys", "rotate"],
    ["backup", "--out", "/tmp/never-written.backup"],
  ];

  test.each(commands)("%s %s", (...args) => {
    const closed = join(folder, "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o000);
    // Nothing is closed to the superuser.
    const asOther = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "main.ts"), ...args, "--data-dir", closed],
      { env: {}, encoding: "utf8", timeout: 20_000, ...asOther },
    );

    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: `cistern: The data folder ${closed} may not be used by this user\n  Run the command as the user who runs Cistern, or name another folder with --data-dir\n`,
    });
  });
});

test("a collector that is not there is wrong usage, with the nearest name", async () => {
  const { path } = await fillDataDir();
  const commands = [["gaps"], ["events", "export"], ["events", "search", "x"]];

  const ended = [];
  for (const args of commands) ended.push(await runCli([...args, "--collector", "prd", "--data-dir", path]));

  rmSync(path, { recursive: true });
  for (const one of ended) {
    expect(one).toEqual({
      code: 2,
      stdout: "",
      stderr: "cistern: There is no collector 'prd'\n  Did you mean 'prod'?\n",
    });
  }
});

test("a backup to a folder that is not there says so, with what to do", async () => {
  const { path } = await fillDataDir();

  const { code, stderr } = await runCli(["backup", "--data-dir", path, "--out", join(folder, "absent", "b")]);

  rmSync(path, { recursive: true });
  expect(code).toBe(1);
  expect(stderr).toMatch(/cistern: .*absent.*\n {2}\S/);
  expect(stderr).not.toMatch(/ENOENT: no such file/);
});

test("what is stored is for its owner alone, whoever made the folder", async () => {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { mode: 0o755 });
  const main = join(import.meta.dirname, "main.ts");
  const args = [main, "serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data", { signal: AbortSignal.timeout(20_000) });

  const open = readdirSync(dataDir).filter((name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0);
  child.kill("SIGTERM");
  await once(child, "exit");

  expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(["cistern.db", "search.db", "secret.key"]));
  expect(open).toEqual([]);
});

test("a reader of the messages that stops early is no failure", async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "events"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.destroy();

  expect(await once(child, "exit")).toEqual([2, null]);
});
