// Whether memory grows: ten collectors over a day of a sped-up clock, from a real sandbox into a real store and index. Run:
// npm run bench:soak [-- --hours 24 --speed 144]. Prints JSON and writes it to docs/results/soak.json.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureSoak } from "./measure-soak.ts";
import { conditions, writeResult } from "./result.ts";

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "24" },
    "settling-hours": { type: "string", default: "2" },
    speed: { type: "string", default: "144" },
    collectors: { type: "string", default: "10" },
    "events-per-day": { type: "string", default: "30000" },
  },
});
const run = {
  hours: Number(values.hours),
  settlingHours: Number(values["settling-hours"]),
  speed: Number(values.speed),
  collectors: Number(values.collectors),
  eventsPerDay: Number(values["events-per-day"]),
};
const folder = mkdtempSync(join(tmpdir(), "cistern-bench-"));
try {
  const before = conditions();
  writeResult("soak", { ...before, ...run, ...(await measureSoak({ folder, ...run })) });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
