// What a crash and a full disk leave behind in a folder of files: every event once, and no line torn.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { files } from "../../src/destinations/files.ts";
import { openSender } from "../../src/testing/destination-contract.ts";
import { batchNumber, EVENTS_A_BATCH } from "./file-writer.ts";

const KILLS = 4;
const MB = 1024 ** 2;

const cleanUp: (() => unknown)[] = [];
afterEach(cleanNow);

async function cleanNow(): Promise<void> {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cistern-files-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const namesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" });

/** Of whole files only: the keys of every line. Throws where a line is torn. */
function keysIn(folder: string): string[] {
  const names = namesIn(folder).filter((name) => name.endsWith(".ndjson"));
  const lines = names.flatMap((name) => readFileSync(join(folder, name), "utf8").split(/(?<=\n)/));
  return lines.map((line) => {
    expect(line.endsWith("\n")).toBe(true);
    return (JSON.parse(line) as { key: string }).key;
  });
}

const keysOf = (batches: number) =>
  Array.from({ length: batches }, (_, number) => batchNumber(number).events.map(({ key }) => key)).flat();

/** A growing file that is longer than its ledger says. */
function isTorn(folder: string): boolean {
  return namesIn(folder).some((name) => {
    if (!name.endsWith(".ledger.json")) return false;
    const ledger = JSON.parse(readFileSync(join(folder, name), "utf8")) as { file: string; length: number };
    const path = join(folder, name, "..", ledger.file);
    return existsSync(path) && statSync(path).size > ledger.length;
  });
}

const isHalfWritten = (folder: string) => namesIn(folder).some((name) => /\.ndjson\.tmp$/.test(name));

/** Starts a writer at that batch, kills it at the first moment in the middle of a write, and says how far it had come. */
async function killedWriter(
  settings: object,
  own: string,
  from: number,
  isInTheMiddle: () => boolean,
): Promise<number> {
  const writer = join(import.meta.dirname, "file-writer.ts");
  const child = spawn(process.execPath, [writer, own, JSON.stringify(settings), String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanUp.push(() => child.kill("SIGKILL"));
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const exited = once(child, "close");
  const deadline = Date.now() + 20_000;
  // A folder can go, or a file be renamed, between being listed and being looked at.
  const now = () => {
    try {
      return isInTheMiddle();
    } catch {
      return false;
    }
  };
  while (!(printed.includes("\n") && now())) {
    if (Date.now() > deadline) throw new Error("The writer was never seen in the middle of a write");
    await sleep(0);
  }
  child.kill("SIGKILL");
  await exited;
  const taken = printed.split("\n").slice(0, -1).map(Number);
  return taken.at(-1)!;
}

describe.each([
  { mode: "append", isInTheMiddle: isTorn },
  { mode: "batch", isInTheMiddle: isHalfWritten },
])("a writer of files ($mode) that is killed", ({ mode, isInTheMiddle }) => {
  test("leaves every event once, and nothing torn, when the batch under way is repeated", {
    timeout: 120_000,
  }, async () => {
    const [folder, own] = [aFolder(), aFolder()];
    const settings = { folder, mode, rotate_megabytes: 3 };
    let next = 0;
    let inTheMiddle = 0;

    for (let kill = 0; kill < KILLS; kill++) {
      // What was taken last is repeated too: more than an engine would do.
      next = await killedWriter(settings, own, next, () => isInTheMiddle(folder));
      if (isInTheMiddle(folder)) inTheMiddle++;
      const whole = wholeLines(folder);
      expect(keysOf(next + 1).filter((key) => !whole.has(key))).toEqual([]);
    }
    const sender = openSender(files, settings, own);
    for (const number of [next, next + 1]) await sender.send(batchNumber(number), AbortSignal.timeout(30_000));

    expect(inTheMiddle).toBeGreaterThan(0);
    const keys = keysIn(folder);
    expect(keys).toHaveLength((next + 2) * EVENTS_A_BATCH);
    expect(new Set(keys)).toEqual(new Set(keysOf(next + 2)));
    expect(isInTheMiddle(folder)).toBe(false);
  });
});

/** The keys of the lines that are whole, in files that are. */
function wholeLines(folder: string): ReadonlySet<string> {
  const names = namesIn(folder).filter((name) => name.endsWith(".ndjson"));
  const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
  return new Set(texts.flatMap((text) => [...text.matchAll(/^\{"key":"([^"]+)".*\}$/gm)].map(([, key]) => key!)));
}

/** A disk of its own on that folder, until the test ends; false where this user may not mount one. */
function mountDisk(folder: string, options: string): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  if (status === 0) cleanUp.push(() => spawnSync("umount", ["-l", folder]));
  return status === 0;
}

const mayMount = mountDisk(aFolder(), "size=1m");
await cleanNow();
const withDisk = test.skipIf(!mayMount && process.env.CI !== "true");
const needed = mayMount ? "" : " (left out: this user may not mount a disk)";

withDisk.each(["append", "batch"])(
  `on a full disk delivery waits (%s), leaves nothing torn, and goes on once there is room${needed}`,
  async (mode) => {
    const [disk, own] = [aFolder(), aFolder()];
    mountDisk(disk, "size=4m");
    const folder = join(disk, "events");
    mkdirSync(folder);
    writeFileSync(join(disk, "ballast"), Buffer.alloc(1 * MB));
    const sender = openSender(files, { folder, mode }, own);
    const send = (number: number) => sender.send(batchNumber(number), AbortSignal.timeout(30_000));

    await send(0);
    await send(1);
    await send(2);
    const error: unknown = await send(3).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const whileFull = keysIn(folder);
    rmSync(join(disk, "ballast"));
    await send(3);

    expect(error).toMatchObject({ code: "unavailable", reason: "disk_full", action: expect.stringMatching(/space/) });
    expect(whileFull).toEqual(expect.arrayContaining(keysOf(3)));
    expect(namesIn(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(keysIn(folder).sort()).toEqual(keysOf(4).sort());
  },
);

withDisk(`a disk that may not be written to halts delivery${needed}`, async () => {
  const [disk, own] = [aFolder(), aFolder()];
  mountDisk(disk, "size=1m,ro");
  const sender = openSender(files, { folder: disk }, own);

  await expect(sender.send(batchNumber(0), AbortSignal.timeout(30_000))).rejects.toMatchObject({
    code: "config_invalid",
    reason: "not_writable",
  });
});
