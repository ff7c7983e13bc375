import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireDataDirLock, networkFileSystem } from "./data-dir.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-lock-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const module = JSON.stringify(new URL("./data-dir.ts", import.meta.url).href);
const script = (then: string) =>
  `import { acquireDataDirLock } from ${module}; acquireDataDirLock(${JSON.stringify(dataDir)}); ${then}`;

test("a data directory has one holder at a time, and a second one is told which", () => {
  const lock = acquireDataDirLock(dataDir);

  expect(() => acquireDataDirLock(dataDir)).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      reason: "data_dir_in_use",
      message: expect.stringContaining(`process ${process.pid}`),
      action: expect.stringContaining(`Stop process ${process.pid}`),
    }),
  );

  lock.release();
  acquireDataDirLock(dataDir).release();
});

test("another process is kept out, until the holder is killed", async () => {
  const holder = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    script("console.log('held'); setInterval(() => {}, 1000)"),
  ]);
  try {
    await once(holder.stdout, "data");
    expect(() => acquireDataDirLock(dataDir)).toThrow(`process ${holder.pid}`);
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
  }

  acquireDataDirLock(dataDir).release();
});

test("this process keeps another one out", () => {
  const lock = acquireDataDirLock(dataDir);
  const run = () => execFileSync(process.execPath, ["--input-type=module", "-e", script("")], { stdio: "pipe" });

  expect(run).toThrow(`in use by process ${process.pid}`);

  lock.release();
  expect(run).not.toThrow();
});

test("network file systems are known by their numbers, local ones are not refused", () => {
  expect([0x6969, 0xff534d42, -0xacb2be, 0x65735546].map(networkFileSystem)).toEqual(["nfs", "cifs", "cifs", "fuse"]);
  const local = {
    ext4: 0xef53,
    xfs: 0x58465342,
    btrfs: 0x9123683e,
    tmpfs: 0x01021994,
    overlay: 0x794c7630,
    zfs: 0x2fc12fc1,
  };
  expect(Object.values(local).map(networkFileSystem)).toEqual(Object.values(local).map(() => undefined));
});
