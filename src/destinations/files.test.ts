import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { Sender } from "../model/destination.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import { parquetRows } from "../testing/read-parquet.ts";
import { files } from "./files.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const temporary = () => mkdtempSync(join(tmpdir(), "cistern-files-"));

function aFolder(): string {
  const folder = temporary();
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file with events in it, sorted by path. */
const eventFiles = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ndjson|parquet)(?:\.gz|\.zst)?$/.test(name))
    .sort();

async function bodiesIn(folder: string): Promise<string[]> {
  const bodies: string[] = [];
  for (const name of eventFiles(folder)) {
    const bytes = readFileSync(join(folder, name));
    if (name.endsWith(".parquet")) bodies.push(...(await parquetRows(bytes)).map(({ body }) => String(body)));
    else {
      const lines = name.endsWith(".gz")
        ? gunzipSync(bytes)
        : name.endsWith(".zst")
          ? zstdDecompressSync(bytes)
          : bytes;
      expect(lines.at(-1)).toBe(10);
      bodies.push(...lines.toString("utf8").slice(0, -1).split("\n"));
    }
  }
  return bodies;
}

const keyOf = (body: string) => (JSON.parse(body) as { key: string }).key;

const side = (settings: Record<string, unknown>) => async () => {
  const folder = temporary();
  return {
    settings: { folder, ...settings },
    received: async () => (await bodiesIn(folder)).map(keyOf),
    bodyOf: async (key: string) => (await bodiesIn(folder)).find((body) => keyOf(body) === key),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
};

describe("as batch files", () => testDestination(files, side({})));
describe("as growing files", () => testDestination(files, side({ mode: "append" })));
describe("as growing files of zstd frames", () =>
  testDestination(files, side({ mode: "append", compression: "zstd" })));
describe("as Parquet", () => testDestination(files, side({ file_type: "parquet", compression: "zstd" })));

function world(settings: Record<string, unknown> = {}) {
  const [folder, own] = [aFolder(), aFolder()];
  const open = (more: Record<string, unknown> = {}): Sender => openSender(files, { folder, ...settings, ...more }, own);
  return { folder, own, open };
}

const signal = () => AbortSignal.timeout(30_000);
const batchOf = (from: number, count: number, facts = {}) =>
  aBatch(Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: from + i, ...facts })));

describe("where files stand", () => {
  test("a file of each data source and hour, named after the batch, for their owner only", async () => {
    const { folder, open } = world({ compression: "gzip" });
    const batch = aBatch([
      anOutgoingEvent({ seq: 1, time: "2026-07-15T15:59:59Z" }),
      anOutgoingEvent({ seq: 2, time: "2026-07-15T18:00:00+02:00" }),
      anOutgoingEvent({ seq: 3, time: "2026-07-15T15:00:00Z", dataSource: "audit-log" }),
    ]);

    await open().send(batch, signal());

    const name = `col_abcdefghijklmnop-1-3-${batch.id}.ndjson.gz`;
    expect(eventFiles(folder)).toEqual([
      `audit-log/dt=2026-07-15/hh=15/${name}`,
      `conversations/dt=2026-07-15/hh=15/${name}`,
      `conversations/dt=2026-07-15/hh=16/${name}`,
    ]);
    expect(statSync(join(folder, "conversations/dt=2026-07-15/hh=15", name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "conversations/dt=2026-07-15")).mode & 0o777).toBe(0o700);
  });

  test("an event without a readable time goes by when it was collected, and all of them do if that is asked for", async () => {
    const unreadable = world();
    const asked = world({ partition_by: "ingest_time", path: "{date}T{hour}" });

    await unreadable.open().send(batchOf(1, 1, { time: "soon" }), signal());
    await asked.open().send(batchOf(1, 1, { time: "2020-01-01T00:00:00Z" }), signal());

    expect(eventFiles(unreadable.folder)[0]).toMatch(/^conversations\/dt=2026-07-15\/hh=15\//);
    expect(eventFiles(asked.folder)[0]).toMatch(/^2026-07-15T15\//);
  });

  test("nothing in an event leads out of the folder", async () => {
    const { folder, open } = world({ path: "{data_source}/{type}" });
    const hostile = ["..", "../../escaped", "/etc", ".hidden", "", "-rf", "a\u0000b\n", "x".repeat(5_000)];
    const events = hostile.map((word, index) => anOutgoingEvent({ seq: index + 1, type: word, dataSource: word }));

    await open().send(aBatch(events), signal());

    const folders = eventFiles(folder).map((name) => name.split("/").slice(0, -1));
    expect(folders).toHaveLength(new Set(folders.map(String)).size);
    for (const segment of folders.flat()) expect(segment).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,80}$/);
    expect(await bodiesIn(folder)).toHaveLength(hostile.length);
    expect(existsSync(join(folder, "../escaped"))).toBe(false);
  });

  test.each([
    ["folder", "relative/path"],
    ["folder", "/srv/../etc"],
    ["path", "../{type}"],
    ["path", "/{type}"],
    ["path", "{type}//x"],
    ["path", "{user}"],
    ["path", ".hidden"],
  ])("%s may not be %s", (name, value) => {
    expect(files.settings.safeParse({ [name]: value }).success).toBe(false);
  });

  test("a Parquet file cannot grow", () => {
    const { error } = files.settings.safeParse({ mode: "append", file_type: "parquet" });

    expect(error?.issues).toMatchObject([{ path: ["file_type"] }]);
  });

  test("without a folder the files go into the destination's own in the data folder, made where it is missing", async () => {
    const own = join(aFolder(), "destinations", "des_1");

    await openSender(files, {}, own).send(batchOf(1, 1), signal());

    expect(await bodiesIn(own)).toHaveLength(1);
    expect(statSync(own).mode & 0o777).toBe(0o700);
  });
});

describe("files that grow", () => {
  const ledgerOf = (folder: string) => {
    const [name] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) =>
      one.endsWith(".ledger.json"),
    );
    return join(folder, name!);
  };

  test("batches stand one after the other in one file", async () => {
    const { folder, open } = world({ mode: "append" });
    const sender = open();

    for (const from of [1, 6, 11]) await sender.send(batchOf(from, 5), signal());

    expect(eventFiles(folder).map((name) => basename(name))).toEqual(["col_abcdefghijklmnop-000001.ndjson"]);
    expect((await bodiesIn(folder)).map(keyOf)).toEqual(batchOf(1, 15).events.map(({ key }) => key));
  });

  test("a torn tail is cut off, and the batch that it was of stands there once", async () => {
    const { folder, open } = world({ mode: "append" });
    await open().send(batchOf(1, 5), signal());
    const path = join(folder, eventFiles(folder)[0]!);
    const whole = readFileSync(path);
    writeFileSync(
      path,
      Buffer.concat([
        whole,
        Buffer.from(
          batchOf(6, 50)
            .events.map(({ body }) => body)
            .join("\n"),
        ),
      ]),
    );

    await open().send(batchOf(6, 5), signal());

    expect((await bodiesIn(folder)).map(keyOf)).toEqual(batchOf(1, 10).events.map(({ key }) => key));
  });

  test("a file that is as large as it may be, or as old, is followed by the next", async () => {
    const large = world({ mode: "append", rotate_megabytes: 1 });
    const old = world({ mode: "append", rotate_minutes: 5 });

    for (const from of [1, 801, 1_601]) await large.open().send(batchOf(from, 800), signal());
    await old.open().send(batchOf(1, 1), signal());
    const ledger = JSON.parse(readFileSync(ledgerOf(old.folder), "utf8"));
    const sixMinutesAgo = new Date(Date.parse(ledger.startedAt) - 6 * 60_000).toISOString();
    writeFileSync(ledgerOf(old.folder), JSON.stringify({ ...ledger, startedAt: sixMinutesAgo }));
    await old.open().send(batchOf(2, 1), signal());

    expect(eventFiles(large.folder).length).toBeGreaterThan(1);
    for (const name of eventFiles(large.folder))
      expect(statSync(join(large.folder, name)).size).toBeLessThan(1_000_000);
    expect(await bodiesIn(large.folder)).toHaveLength(2_400);
    expect(eventFiles(old.folder)).toHaveLength(2);
  });

  test.each(["moved away", "shortened", "bereft of its ledger"])(
    "a file that was %s is left alone, and a new one begun",
    async (what) => {
      const { folder, open } = world({ mode: "append" });
      await open().send(batchOf(1, 5), signal());
      const path = join(folder, eventFiles(folder)[0]!);
      const before = readFileSync(path);
      if (what === "moved away") rmSync(path);
      if (what === "shortened") writeFileSync(path, before.subarray(0, 10));
      if (what === "bereft of its ledger") writeFileSync(ledgerOf(folder), "{");

      await open().send(batchOf(6, 5), signal());

      const [second] = eventFiles(folder).filter((name) => name.endsWith("-000002.ndjson"));
      expect(readFileSync(join(folder, second!), "utf8").split("\n")).toHaveLength(6);
      if (what === "shortened") expect(statSync(path).size).toBe(10);
      if (what === "bereft of its ledger") expect(readFileSync(path)).toEqual(before);
    },
  );
});

describe("what goes wrong", () => {
  test("a folder that is not there halts delivery: its disk may not be mounted", async () => {
    const { folder, open } = world();
    rmSync(folder, { recursive: true });

    await expect(open().send(batchOf(1, 1), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason: "folder_missing",
    });
    expect(existsSync(folder)).toBe(false);
  });

  test("a folder of another destination is refused", async () => {
    const { folder, open } = world();
    await open().send(batchOf(1, 1), signal());

    const other = openSender(files, { folder }, aFolder());

    for await (const step of other.check(anOutgoingEvent({ seq: 9 }), signal())) expect(step.state).not.toBe("failed");
    await expect(other.send(batchOf(2, 1), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason: "folder_taken",
    });
  });

  test("a file where a folder should be is told as a failure that may pass, and nothing is lost", async () => {
    const { folder, open } = world({ path: "{data_source}" });
    writeFileSync(join(folder, "conversations"), "");

    await expect(open().send(batchOf(1, 1), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "disk_failed",
    });
    rmSync(join(folder, "conversations"));
    await open().send(batchOf(1, 1), signal());

    expect(await bodiesIn(folder)).toHaveLength(1);
  });

  test("the connection test says what is missing, and leaves the rest out", async () => {
    const { folder, open } = world();
    rmSync(folder, { recursive: true });
    const steps: CheckStep[] = [];

    for await (const step of open().check(anOutgoingEvent(), signal())) steps.push(step);

    expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "folder running",
      "folder failed",
      "deliver skipped",
    ]);
    expect(steps[1]).toMatchObject({ reason: "folder_missing", remedy: expect.stringMatching(/\S/) });
  });

  test("the connection test does not claim the folder: what is tested may be set up under another name", async () => {
    const { folder, open } = world();

    for await (const step of openSender(files, { folder }, aFolder()).check(anOutgoingEvent(), signal()))
      expect(step.state).not.toBe("failed");
    await open().send(batchOf(2, 1), signal());

    expect(await bodiesIn(folder)).toHaveLength(2);
  });

  test("the connection test does not touch a file that grows", async () => {
    const { folder, open } = world({ mode: "append" });
    await open().send(batchOf(1, 5), signal());
    const [name] = eventFiles(folder);
    const before = readFileSync(join(folder, name!));

    for await (const step of open().check(anOutgoingEvent({ seq: 99 }), signal()))
      expect(step.state).not.toBe("failed");
    await open().send(batchOf(1, 5), signal());

    expect(readFileSync(join(folder, name!))).toEqual(before);
    expect(await bodiesIn(folder)).toHaveLength(6);
  });
});

describe("old files", () => {
  const daysAgo = (path: string, days: number) => {
    const at = Date.now() / 1_000 - days * 86_400;
    utimesSync(path, at, at);
  };

  test("those written longer ago than the days given are removed with their folders; what is not ours stays", async () => {
    const { folder, open } = world({ remove_after_days: 30 });
    await open().send(batchOf(1, 1, { time: "2026-01-01T00:00:00Z" }), signal());
    await open().send(batchOf(2, 1, { time: "2026-01-02T00:00:00Z" }), signal());
    const [first, second] = eventFiles(folder) as [string, string];
    mkdirSync(join(folder, "others/empty"), { recursive: true });
    writeFileSync(join(folder, "others/notes.txt"), "");
    daysAgo(join(folder, first), 31);
    daysAgo(join(folder, second), 29);
    daysAgo(join(folder, "others/notes.txt"), 400);

    await open().send(batchOf(3, 1), signal());

    expect(eventFiles(folder)).toHaveLength(2);
    expect(existsSync(join(folder, "conversations/dt=2026-01-01"))).toBe(false);
    expect(existsSync(join(folder, second))).toBe(true);
    expect(existsSync(join(folder, "others/notes.txt"))).toBe(true);
    expect(existsSync(join(folder, "others/empty"))).toBe(true);
  });

  test("nothing is removed unless that is asked for", async () => {
    const { folder, open } = world();
    await open().send(batchOf(1, 1), signal());
    daysAgo(join(folder, eventFiles(folder)[0]!), 4_000);

    await open().send(batchOf(2, 1), signal());

    expect(eventFiles(folder)).toHaveLength(2);
  });
});
