// Loaded before the product's own code into each of its threads: `node --import chaos/failpoints.ts src/cli/main.ts …`. It wraps
// the seams between the rooms, so that the process stops itself at the named moment. The product knows nothing of it.
import fs, { appendFileSync } from "node:fs";
import fsPromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { isMainThread, threadName } from "node:worker_threads";
import { allPoints, type PointName, pointVariables } from "./points.ts";

const { env } = process;
const point = env[pointVariables.point] as PointName | undefined;
const signal = (env[pointVariables.signal] ?? "SIGKILL") as NodeJS.Signals;
let left = Number(env[pointVariables.passing] ?? 1);

/** The point is passed; at the chosen passing the process stops here, whatever its other threads do. */
function pass(): void {
  left -= 1;
  if (left !== 0) return;
  appendFileSync(env[pointVariables.report]!, `${point}\n`);
  process.kill(process.pid, signal);
  // The signal may reach another thread first; this one is not to go a step further meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
}

type Method = (...args: unknown[]) => unknown;

interface Around {
  readonly before?: (args: readonly unknown[]) => void;
  readonly after?: (result: unknown) => void;
}

/** Wraps a method where it is defined, so that every object made of it is concerned. A promise counts as its value. */
function around(owner: object, name: string, { before, after }: Around): void {
  const own = Reflect.get(owner, name) as Method;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    before?.(args);
    const result = own.apply(this, args);
    if (!after) return result;
    if (!(result instanceof Promise)) after(result);
    else
      return result.then((value) => {
        after(value);
        return value;
      });
    return result;
  };
  Reflect.set(owner, name, wrapped);
}

const before = { before: pass };
const after = { after: pass };
const whereSome = { after: (removed: unknown) => void (Number(removed) > 0 && pass()) };

/** Wraps what runs the statement that begins with `sql`. */
function aroundStatement(sql: string, hooks: Around): void {
  around(DatabaseSync.prototype, "prepare", {
    after: (statement) => {
      if (statement instanceof StatementSync && statement.sourceSQL.trimStart().startsWith(sql))
        around(statement, "run", hooks);
    },
  });
}

const store = async () => (await import("../src/store/sqlite/store.ts")).SqliteStore.prototype;
const commits = async () => (await import("../src/store/sqlite/commit.ts")).Commits.prototype;
const listedSome = { before: ([, , files]: readonly unknown[]) => void ((files as unknown[]).length > 0 && pass()) };

const installers: Readonly<Record<PointName, () => Promise<void> | void>> = {
  "listing-before": async () => around(await store(), "recordListing", listedSome),
  "listing-recorded": async () => around(await store(), "recordListing", whereSome),
  "download-before": () => aroundFeed({ opening: pass }),
  "download-after": () => aroundFeed({ read: pass }),
  verified: () => {
    let read = false;
    return aroundFeed({
      read: () => {
        read = true;
      },
      line: () => {
        if (read) pass();
        read = false;
      },
    });
  },
  "commit-before": async () => around(await store(), "commitFile", before),
  "commit-begun": async () => around(await commits(), "insert", before),
  "commit-between-inserts": () => aroundStatement("INSERT INTO events", after),
  "commit-inserted": async () => around(await commits(), "insert", after),
  "commit-committed": async () => around(await store(), "commitFile", after),
  "failure-noted": async () => around(await store(), "failFile", after),
  "scan-end-before": async () => around(await store(), "finishScan", before),
  "scan-end-written": async () =>
    around((await import("../src/store/sqlite/scans.ts")).Scans.prototype, "finish", after),
  "scan-end-committed": async () => around(await store(), "finishScan", after),
  "claim-moved": async () => around((await import("../src/store/sqlite/claim.ts")).Claims.prototype, "renew", after),
  "retention-removed": async () =>
    around((await import("../src/store/sqlite/removal.ts")).Removal.prototype, "expired", whereSome),
  "retention-committed": async () => around(await store(), "removeExpired", whereSome),
  "index-batch": async () => around((await import("../src/search/documents.ts")).Documents.prototype, "add", after),
  "index-before-commit": () => {
    let written = false;
    aroundStatement("INSERT INTO positions", {
      after: () => {
        written = true;
      },
    });
    around(DatabaseSync.prototype, "exec", { before: ([sql]) => void (sql === "COMMIT" && written && pass()) });
  },
  "index-committed": async () =>
    around((await import("../src/search/generation.ts")).Generation.prototype, "indexNext", {
      after: (batch) => void ((batch as { indexed?: number }).indexed && pass()),
    }),
  "index-removal": async () =>
    around((await import("../src/search/documents.ts")).Documents.prototype, "removeBefore", whereSome),
  // The copy is made by SQLite itself; what is said after each of its steps is where it can be met.
  "migration-copying": () => {
    around(fs, "writeSync", { before: ([, text]) => void (String(text).includes("copying the database") && pass()) });
    syncBuiltinESMExports();
  },
  "migration-copied": () => {
    around(fs, "renameSync", before);
    syncBuiltinESMExports();
  },
  "migration-written": () => aroundStatement("INSERT INTO migrations", after),
  "backup-copying": () => aroundStatement("VACUUM INTO", before),
  "backup-copied": () => aroundStatement("VACUUM INTO", after),
  "backup-packing": () => {
    around(fsPromises, "open", {
      after: (file) => around(file as object, "writeFile", after),
    });
    syncBuiltinESMExports();
  },
  "backup-before-rename": () => {
    around(fsPromises, "rename", before);
    syncBuiltinESMExports();
  },
};

/** The feeds of the connector as the engine gets them. */
async function aroundFeed(on: {
  readonly opening?: () => void;
  readonly read?: () => void;
  readonly line?: () => void;
}): Promise<void> {
  const { connectors } = await import("../src/connectors/index.ts");
  const seen = new WeakSet<object>();
  for (const connector of connectors)
    around(connector, "resolve", {
      after: (feed) => {
        if (typeof feed !== "object" || feed === null || seen.has(feed)) return;
        seen.add(feed);
        around(feed, "identify", { before: () => on.line?.() });
        const { open } = feed as { open: Method };
        Reflect.set(feed, "open", async (...args: unknown[]) => {
          on.opening?.();
          const body = (await open(...args)) as ReadableStream<Uint8Array>;
          return body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ flush: () => on.read?.() }));
        });
      },
    });
}

if (env[pointVariables.noLock] !== undefined && isMainThread) {
  const exec = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (sql: string) {
    if (sql !== "BEGIN EXCLUSIVE") exec.call(this, sql);
  };
}
const here = isMainThread ? "main" : threadName;
if (point !== undefined && (allPoints[point] === here || (allPoints[point] === "" && here !== "main")))
  await installers[point]();
