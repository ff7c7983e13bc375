// How quickly events get from the log to each destination, beside the plainest client of the same server, and how quickly they become
// what is sent. Run: npm run bench:destinations [-- --events 30000 files kafka …]. Prints JSON and writes it to
// docs/results/destinations.json.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { measureFormats } from "./destinations/formats.ts";
import { linesOf, measureTarget, type Throughput } from "./destinations/measure.ts";
import { targets } from "./destinations/targets.ts";
import { GrownStore } from "./grown-store.ts";
import { feeds } from "./messages.ts";
import { conditions, note, writeResult } from "./result.ts";

/** A company that is busy: 25 events a second. */
const LINES_PER_FILE = 1_500;
const FILE_MS = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string", default: "30000" },
    "line-bytes": { type: "string", default: "1000" },
    /** --no-keep: print the figures, and leave docs/results as it is. */
    keep: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const unknown = positionals.filter((name) => !targets.some(({ kind }) => kind === name));
if (unknown.length > 0) {
  note(`There is no destination ${unknown.join(", ")}: choose from ${targets.map(({ kind }) => kind).join(", ")}`);
  process.exit(2);
}
const wanted = targets.filter(({ kind }) => positionals.length === 0 || positionals.includes(kind));
const events = Number(values.events);
const lineBytes = Number(values["line-bytes"]);
const dataDir = mkdtempSync(join(tmpdir(), "cistern-bench-"));
const before = conditions();
const store = await GrownStore.open(dataDir, { linesPerFile: LINES_PER_FILE, lineBytes, fileMs: FILE_MS });
const reader = openSqliteReader(dataDir);
try {
  await store.growTo(events);
  const collectorIds = [...new Set(feeds.map(({ collectorId }) => collectorId))];
  const lines = await linesOf(reader, collectorIds);
  const formats = positionals.length === 0 ? measureFormats(lineBytes) : {};
  const measured: Record<string, Throughput | { readonly missing: string }> = {};
  for (const target of wanted) {
    const missing = await target.missing?.();
    measured[target.kind] =
      missing === undefined
        ? await measureTarget(target, { store, reader, dataDir, collectorIds, lines })
        : { missing };
    note(`${target.kind}: ${JSON.stringify(measured[target.kind])}`);
    if (missing !== undefined) process.exitCode = 1;
  }
  const figures = { ...before, events: lines.length, lineBytes, formats, destinations: measured };
  if (values.keep) writeResult("destinations", figures);
  else process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await reader.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
}
