import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxOptions } from "../src/sandbox/options.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { percentile } from "./percentile.ts";
import { startProcess } from "./start-process.ts";

const DATA_SOURCES = ["conversations", "audit-log", "auth-log", "app-log", "codex-log", "custom-agents-log"];
const TYPES = ["CONVERSATION_MESSAGE", "AUDIT_LOG", "AUTH_LOG", "APP_LOG", "CODEX_LOG", "CUSTOM_AGENTS_LOG"];
/** As the product has it. Where it is shorter there are no rate limits: they count real minutes, of dozens of such intervals each. */
const POLL_MS = 60_000;
const UNLIMITED = 60_000;
const LOOK_EVERY_MS = 20;
/** So many files wait only where there is a backlog. */
const A_BACKLOG = 50;
const PATIENCE_MS = 120_000;

export interface FreshnessRun {
  readonly folder: string;
  /** How often the collector looks, in place of once a minute. */
  readonly pollMs: number;
  readonly seconds: number;
  /** Days of history that wait upstream when the collector begins. */
  readonly backlogDays: number;
}

/** How long after a file could be seen upstream it was stored; all over HTTP, with the whole product in a process of its own. */
export async function measureFreshness({ folder, pollMs, seconds, backlogDays }: FreshnessRun) {
  const speed = POLL_MS / pollMs;
  const sandbox = await startSandbox(upstreamOf(backlogDays, speed));
  const requestsPerMinute = speed === 1 ? "auto" : UNLIMITED;
  const changes = { token: sandbox.key, pollIntervalMs: pollMs, dataSources: DATA_SOURCES, requestsPerMinute };
  const args = [folder, sandbox.baseUrl, sandbox.workspaceId, "on", JSON.stringify(changes)];
  const product = await startProcess("bench/product.ts", args);
  const db = new DatabaseSync(join(folder, "cistern.db"), { readOnly: true, timeout: 5_000 });
  try {
    product.child.stdin?.write("go\n");
    await begun(db, pollMs);
    const fromMs = Date.now();
    const untilMs = fromMs + seconds * 1_000;
    const isStored = (found: ReadonlyMap<string, number>) =>
      visible(sandbox, fromMs, untilMs).every(({ id }) => found.has(id));
    const { stored, backlogUntilMs } = await watch(db, untilMs, isStored);
    const toMs = Math.min(untilMs, backlogDays === 0 ? Number.POSITIVE_INFINITY : backlogUntilMs);
    const files = visible(sandbox, fromMs, toMs);
    return { backlogDays, seconds: Math.round((toMs - fromMs) / 1_000), ...figuresOf(files, stored, pollMs) };
  } finally {
    db.close();
    const ended = new Promise((resolve) => product.child.once("exit", resolve));
    product.stop();
    await ended;
    await sandbox.close();
  }
}

// More files than upstream would publish, for a percentile needs many; and not in step with the polls.
function upstreamOf(backlogDays: number, speed: number): SandboxOptions {
  return {
    port: 0,
    people: 300,
    days: Math.max(backlogDays, 0.02),
    eventsPerDay: 20_000,
    liveFactor: 300,
    fileIntervalMs: Math.round(1.55 * (POLL_MS / speed)),
    ...(speed === 1 ? {} : { ratePerMinute: 0 }),
  };
}

// Its start is not measured, nor what the sandbox needs to make its history: in intervals of seconds both are long.
async function begun(db: DatabaseSync, pollMs: number): Promise<void> {
  const looked = db.prepare("SELECT count(*) AS sources FROM sources WHERE scanned_to IS NOT NULL OR files_done > 0");
  const deadline = Date.now() + PATIENCE_MS;
  while ((looked.get() as { sources: number }).sources < DATA_SOURCES.length) {
    if (Date.now() > deadline) throw new Error("The collector did not begin in time");
    await pause(LOOK_EVERY_MS);
  }
  await pause(2 * pollMs);
}

/**
 * When each file was first seen as done, by whoever reads the store; and until when there was a backlog. What is not stored at the end is
 * waited for: it is late, not absent.
 */
async function watch(db: DatabaseSync, untilMs: number, isStored: (found: ReadonlyMap<string, number>) => boolean) {
  const done = db.prepare("SELECT file_id AS id, done_us AS us FROM files WHERE state = 'done' AND done_us > ?");
  const pending = db.prepare("SELECT sum(files_pending) AS files FROM sources");
  const stored = new Map<string, number>();
  let newestUs = 0;
  let backlogUntilMs = 0;
  while (Date.now() < untilMs || (Date.now() < untilMs + PATIENCE_MS && !isStored(stored))) {
    const rows = done.all(newestUs - 10_000_000) as { id: string; us: number }[];
    const nowMs = Date.now();
    for (const { id, us } of rows) {
      if (!stored.has(id)) stored.set(id, nowMs);
      newestUs = Math.max(newestUs, us);
    }
    if ((pending.get() as { files: number }).files > A_BACKLOG) backlogUntilMs = nowMs;
    await pause(LOOK_EVERY_MS);
  }
  return { stored, backlogUntilMs };
}

interface Visible {
  readonly id: string;
  readonly visibleAtMs: number;
}

function visible(sandbox: Sandbox, fromMs: number, toMs: number): readonly Visible[] {
  // A file can be published hours after its end, by design.
  const files = sandbox.published({ types: TYPES, scope: "workspace", fromUs: (fromMs - 86_400_000) * 1_000 });
  return [...files]
    .map(({ id, visibleAtMs }) => ({ id, visibleAtMs }))
    .filter(({ visibleAtMs }) => visibleAtMs >= fromMs && visibleAtMs < toMs);
}

function figuresOf(files: readonly Visible[], stored: ReadonlyMap<string, number>, pollMs: number) {
  const ages = files.flatMap(({ id, visibleAtMs }) => {
    const at = stored.get(id);
    return at === undefined ? [] : [(at - visibleAtMs) / pollMs];
  });
  return {
    files: files.length,
    notStored: files.length - ages.length,
    pollIntervals: {
      p50: percentile(ages, 0.5),
      p95: percentile(ages, 0.95),
      p99: percentile(ages, 0.99),
      longest: percentile(ages, 1),
    },
  };
}
