import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FilledDataDir, fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";

let dir: FilledDataDir;
let folder: string;
beforeAll(async () => {
  dir = await fillDataDir();
  folder = mkdtempSync(join(tmpdir(), "cistern-backup-"));
});
afterAll(() => {
  rmSync(dir.path, { recursive: true });
  rmSync(folder, { recursive: true });
});

const onDir = (...args: string[]) => runCli([...args, "--data-dir", dir.path]);

test("a backup that is put back exports the same bytes, and opens no secret", async () => {
  const out = join(folder, "a.backup");
  const restored = join(folder, "restored");

  const made = await onDir("backup", "--out", out);
  const put = await runCli(["restore", out, "--data-dir", restored]);
  const before = await onDir("events", "export");
  const after = await runCli(["events", "export", "--data-dir", restored]);

  expect([made.code, put.code]).toEqual([0, 0]);
  expect(made.stdout).toMatch(/: 1,200 events of 1 collector, /);
  expect(after.stdout).toBe(before.stdout);
  expect(readFileSync(out).includes(readFileSync(join(dir.path, "secret.key"), "utf8").trim())).toBe(false);
});

test("a backup does not replace a file, and a restore does not replace data, unless told to", async () => {
  const out = join(folder, "b.backup");
  writeFileSync(out, "mine");

  const refused = await onDir("backup", "--out", out);
  await onDir("backup", "--out", out, "--force");
  const full = await runCli(["restore", out, "--data-dir", dir.path]);

  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("--force") as string });
  expect(full).toMatchObject({ code: 1, stderr: expect.stringContaining("already holds") as string });
});

test("a damaged backup is refused, and changes nothing", async () => {
  const out = join(folder, "c.backup");
  await onDir("backup", "--out", out);
  const bytes = readFileSync(out);
  const place = bytes.indexOf("größe 700");
  bytes[place] = bytes[place]! ^ 1;
  writeFileSync(out, bytes);

  const { code, stderr } = await runCli(["restore", out, "--data-dir", join(folder, "c")]);

  expect(code).toBe(1);
  expect(stderr).toContain("has a damaged cistern.db");
});
