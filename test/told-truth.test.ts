// What the command line says of a store, compared with what plain SQL counts there: after bad lines, doubles, conflicting
// events, files with wrong hashes and files that vanished before they could be fetched.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { eventually } from "./served-product.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const DATA_SOURCES = ["conversations", "audit-log"];
const cleanUp: (() => unknown)[] = [];
let folder: string;
let dataDir: string;
let config: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-told-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  dataDir = join(folder, "data");
  const company = { people: 5, days: 2, eventsPerDay: 400, ratePerMinute: 0, live: false } as const;
  const quirks = {
    malformedLines: 0.3,
    surplusDuplicates: 0.2,
    conflictingContent: 0.2,
    wrongSha256: 0.1,
    signedUrlExpired: 1,
  } as const;
  sandbox = await startSandbox({ port: 0, ...company, startAt: "2026-11-18T18:00:00Z", quirks });
  cleanUp.push(() => sandbox.close());
  config = join(folder, "config.yaml");
  const settings = `{ token: "\${env:KEY}", workspace_id: ${sandbox.workspaceId}, base_url: "${sandbox.baseUrl}" }`;
  const collector = `{ name: a, connector: chatgpt-enterprise, data_sources: [${DATA_SOURCES.join(", ")}], requests_per_minute: 6000, settings: ${settings} }`;
  writeFileSync(config, `collectors:\n  - ${collector}\n`);
  await listWithoutFetching();
  // What is left is refused for good at the next attempt.
  write("UPDATE files SET attempts = 7, retry_at = NULL, retry_us = NULL WHERE state = 'pending'");
  sandbox.setQuirks({ signedUrlExpired: 0, retentionDays: 0.5 });
}, 60_000);
afterAll(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const env = () => ({ KEY: sandbox.key, CISTERN_LOG_LEVEL: "error" });
const cistern = (...args: string[]) => runCli([...args, "--data-dir", dataDir], env());
const collect = () => cistern("run", "--config", config, "--until-caught-up", "--json");
// biome-ignore lint/suspicious/noExplicitAny: what a test looks into, it names.
const json = async (...args: string[]): Promise<any> => JSON.parse((await cistern(...args, "--json")).stdout);

/** Every file is in the ledger, and none could be had yet. */
async function listWithoutFetching(): Promise<void> {
  const args = [MAIN, "run", "--config", config, "--data-dir", dataDir];
  const child: ChildProcess = spawn(process.execPath, args, { env: env(), stdio: "ignore", timeout: 50_000 });
  const ended = once(child, "exit");
  const scanned = "SELECT count(*) AS n FROM sources WHERE deep_at IS NOT NULL";
  await eventually("both data sources are listed", async () => (tryCount(scanned) === 2 ? true : undefined));
  child.kill("SIGTERM");
  await ended;
}

function tryCount(sql: string): number | undefined {
  try {
    return count(sql);
  } catch {
    // The store is not made yet.
    return undefined;
  }
}

function count(sql: string, ...values: string[]): number {
  const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true, timeout: 5_000 });
  try {
    return (db.prepare(sql).get(...values) as { n: number }).n;
  } finally {
    db.close();
  }
}

function write(sql: string): void {
  const db = new DatabaseSync(join(dataDir, "cistern.db"), { timeout: 5_000 });
  db.exec(sql);
  db.close();
}

/** The counts of a data source by plain SQL over events, files, lines set aside and gaps; no stored counter is read. */
function counted(dataSource: string) {
  const of = (what: string, rest: string) =>
    count(
      `SELECT ${what} AS n FROM ${rest} AND source = (SELECT source FROM sources WHERE data_source = ?)`,
      dataSource,
    );
  return {
    events: of("count(*)", "events WHERE true"),
    duplicates: of("coalesce(sum(duplicates), 0)", "files WHERE state = 'done'"),
    conflicts: of("count(*) - count(DISTINCT event_id || ' ' || time_key)", "events WHERE true"),
    quarantined: of("count(*)", "quarantine WHERE true"),
    files_done: of("count(*)", "files WHERE state = 'done'"),
    files_pending: of("count(*)", "files WHERE state = 'pending'"),
    holes: of("count(*)", "files WHERE state IN ('pending', 'quarantined')"),
    gaps: of("count(*)", "gaps WHERE true"),
    files_quarantined: of("count(*)", "files WHERE state = 'quarantined'"),
    files_expired: of("count(*)", "files WHERE state = 'expired'"),
  };
}

async function expectStatusAsCounted(): Promise<void> {
  const [{ data_sources }] = (await json("status")).collectors;
  expect(data_sources.map(({ name }: { name: string }) => name)).toEqual(DATA_SOURCES);
  for (const { name, holes, gaps, ...source } of data_sources) {
    const { files_quarantined: _, files_expired, holes: holesThere, gaps: gapsThere, ...sql } = counted(name);
    expect(source, name).toMatchObject(sql);
    expect({ holes: holes.length, gaps: gaps.length }, name).toEqual({ holes: holesThere, gaps: gapsThere });
    expect(gaps.reduce((sum: number, gap: { files: number }) => sum + gap.files, 0)).toBe(files_expired);
  }
}

const total = (name: keyof ReturnType<typeof counted>) =>
  DATA_SOURCES.reduce((sum, dataSource) => sum + counted(dataSource)[name], 0);

test("what was only listed is told as pending, and nothing as held", async () => {
  expect(total("files_pending")).toBeGreaterThan(20);
  await expectStatusAsCounted();
});

test("after collecting, every count of status is the one that SQL finds", { timeout: 60_000 }, async () => {
  const { code, stdout } = await collect();

  const told = JSON.parse(stdout);
  for (const name of ["events", "duplicates", "conflicts", "quarantined", "files_quarantined", "gaps"] as const)
    expect(total(name), name).toBeGreaterThan(0);
  await expectStatusAsCounted();
  expect(code).toBe(1);
  expect(told).toMatchObject({ caught_up: false, events: total("events"), files_pending: total("files_pending") });
  const reasons = told.needs_person.map(({ reason }: { reason: string }) => reason).join("; ");
  expect(reasons).toMatch(/gaps? that upstream can no longer fill/);
  expect(reasons).toMatch(/set aside/);
  expect(await cistern("doctor")).toMatchObject({ code: 0 });
});

test("gaps and ack list each thing that waits, and nothing twice", async () => {
  const { gaps } = await json("gaps");
  const { waiting } = await json("ack");

  const kinds = (kind: string) => waiting.filter((one: { kind: string }) => one.kind === kind).length;
  expect(gaps).toHaveLength(total("gaps"));
  expect(gaps.every(({ reason }: { reason: string }) => reason === "expired_upstream")).toBe(true);
  expect({ gap: kinds("gap"), line: kinds("line"), file: kinds("file") }).toEqual({
    gap: total("gaps"),
    line: total("quarantined"),
    file: total("files_quarantined"),
  });
});

test("a file that is acknowledged waits no more, while other things do", async () => {
  const { waiting } = await json("ack");
  const file = waiting.find(({ kind }: { kind: string }) => kind === "file");

  const acked = await cistern("ack", "--file", file.id, "--by", "ada");
  const again = await cistern("ack", "--file", file.id);

  expect(acked.code).toBe(0);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("There is no file") as string });
  const left = (await json("ack")).waiting;
  expect(left).toHaveLength(waiting.length - 1);
  expect(left).not.toContainEqual(expect.objectContaining({ id: file.id }));
});

test("once everything is acknowledged a run ends with 0, and what is lost stays to be seen", {
  timeout: 60_000,
}, async () => {
  const before = await json("ack");

  const all = await json("ack", "--all");
  const { code, stdout } = await collect();

  expect(all.acknowledged).toHaveLength(before.waiting.length);
  expect((await json("ack")).waiting).toEqual([]);
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, caught_up: true, needs_person: [] });
  expect((await json("gaps", "--open")).gaps).toEqual([]);
  expect((await json("gaps")).gaps).toHaveLength(total("gaps"));
  expect(total("gaps")).toBeGreaterThan(0);
  await expectStatusAsCounted();
});
