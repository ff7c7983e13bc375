import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";

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
    const { code, stdout, stderr } = await runCli(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [first, second] = stderr.split("\n");
    expect(first).toContain(`cistern: ${sentence}`);
    expect(second).toMatch(remedy);
  });
});

describe("what is refused makes no folder:", () => {
  const cases: readonly [string, (dataDir: string) => readonly string[], string][] = [
    ["a proxy that is no address", (at) => ["serve", "--trusted-proxy", "here", "--data-dir", at], "is not an address"],
    ["a key for data that are not there", (at) => ["keys", "rotate", "--data-dir", at], "does not exist"],
    ["a backup that is none", (at) => ["restore", join(folder, "letter"), "--data-dir", at], "no backup of Cistern"],
    ["a run with nothing to collect", (at) => ["run", "--data-dir", at], "No collector is set up"],
  ];

  test.each(cases)("%s", async (_, args, sentence) => {
    writeFileSync(join(folder, "letter"), "dear\n".repeat(400));
    const dataDir = join(folder, "data");

    const { code, stderr } = await runCli(args(dataDir), { CISTERN_LOG_LEVEL: "warn" });

    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^ {2}\S/);
    expect(existsSync(dataDir)).toBe(false);
  });
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
