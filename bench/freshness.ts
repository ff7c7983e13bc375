// How long after a file can be seen upstream it is stored, in poll intervals: a quiet collector, and one with days of backlog
// beside. By default the interval is 2 s and there are no rate limits; with --poll-ms 60000 both are upstream's own. Run:
// npm run bench:freshness [-- --poll-ms 60000 --seconds 1800]. Prints JSON and writes it to docs/results/freshness.json.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureFreshness } from "./measure-freshness.ts";
import { conditions, note, writeResult } from "./result.ts";

const { values } = parseArgs({
  options: {
    "poll-ms": { type: "string", default: "2000" },
    seconds: { type: "string", default: "90" },
    "backlog-days": { type: "string", default: "30" },
  },
});
const pollMs = Number(values["poll-ms"]);
const seconds = Number(values.seconds);
const folder = mkdtempSync(join(tmpdir(), "cistern-bench-"));
try {
  const before = conditions();
  const rounds: object[] = [];
  for (const backlogDays of [0, Number(values["backlog-days"])]) {
    note(`${seconds} seconds with ${backlogDays} days of backlog`);
    rounds.push(await measureFreshness({ folder: join(folder, `${backlogDays}`), pollMs, seconds, backlogDays }));
    note(`  ${JSON.stringify(rounds.at(-1))}`);
  }
  writeResult("freshness", { ...before, pollMs, rounds });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
