// How long cistern doctor takes on a store of a million events, alone and beside a store that goes on collecting, and how long
// the commits beside it take. Run: npm run test:doctor [-- --events N --folder DIR]. Ends with 1 where doctor finds anything, or
// takes longer than promised.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openControl } from "../src/control/open-control.ts";
import { openSearchFollower } from "../src/search/follower.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { checkRoom, GrownStore, shapeFor } from "./grown-store.ts";
import { conditions, note, writeResult } from "./result.ts";

const PROMISED_SECONDS = 60;
const LINES_PER_FILE = 5_000;
const LINE_BYTES = 1_000;
/** An index takes about this much for an event. */
const INDEX_BYTES = 700;
const PAUSE_MS = 500;
const LONGEST_RUN_MS = 600_000;

const { values } = parseArgs({
  options: { events: { type: "string", default: "1000000" }, folder: { type: "string", default: tmpdir() } },
});
const events = Number(values.events);

process.umask(0o077);
const dataDir = mkdtempSync(join(values.folder, "cistern-doctor-"));
try {
  await measure();
} finally {
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

async function measure(): Promise<void> {
  const about = conditions();
  checkRoom(dataDir, events, LINE_BYTES, INDEX_BYTES);
  note(`writing ${events} events of ${LINE_BYTES} bytes`);
  openControl({
    path: join(dataDir, "control.db"),
    secretKeyPath: join(dataDir, "secret.key"),
    now: () => new Date(),
    randomBytes,
  }).control.close();
  const store = await GrownStore.open(dataDir, shapeFor(events, LINES_PER_FILE, LINE_BYTES));
  await store.growTo(events);
  note("indexing them");
  await index();
  note("cistern doctor, alone");
  const alone = await doctor();
  note("cistern doctor, while files are committed");
  const beside = await whileCommitting(store);
  await store.close();
  const sizes = { databaseBytes: sizeOf("cistern.db"), searchBytes: sizeOf("search.db") };
  const measured = { events, lineBytes: LINE_BYTES, ...sizes, alone, beside };
  writeResult("doctor", { ...about, promisedSeconds: PROMISED_SECONDS, ...measured });
  if (!alone.ok || !beside.ok || alone.seconds > PROMISED_SECONDS) process.exitCode = 1;
}

function sizeOf(name: string): number {
  return statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0;
}

async function index(): Promise<void> {
  const reader = openSqliteReader(dataDir);
  const follower = openSearchFollower(dataDir, reader);
  while ((await follower.step()) > 0);
  await follower.close();
  await reader.close();
}

interface DoctorRun {
  readonly ok: boolean;
  readonly seconds: number;
  readonly examined: number;
  readonly found: readonly string[];
}

async function doctor(): Promise<DoctorRun> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "../src/cli/main.ts"), "doctor", "--json", "--data-dir", dataDir],
    { stdio: ["ignore", "pipe", "inherit"], timeout: LONGEST_RUN_MS },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const seconds = Number(((performance.now() - started) / 1_000).toFixed(1));
  note(`  ${seconds} s`);
  const { ok, checks } = JSON.parse(output) as {
    ok: boolean;
    checks: readonly { id: string; examined: number; violations: readonly { what: string }[] }[];
  };
  const found = checks.flatMap(({ id, violations }) => violations.map(({ what }) => `${id}: ${what}`));
  return { ok, seconds, examined: checks.find(({ id }) => id === "bytes")?.examined ?? 0, found };
}

/** A server's store goes on meanwhile: a file of 5 MB each half second. */
async function whileCommitting(store: GrownStore) {
  const ended = new AbortController();
  const run = doctor().finally(() => ended.abort());
  const commits: number[] = [];
  let largestWal = 0;
  while (!ended.signal.aborted) {
    commits.push((await store.commitNext()).ms);
    largestWal = Math.max(largestWal, sizeOf("cistern.db-wal"));
    await wait(PAUSE_MS);
  }
  const longestCommitMs = Math.round(Math.max(...commits));
  return { ...(await run), commits: commits.length, longestCommitMs, largestWalBytes: largestWal };
}
