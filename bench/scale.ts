// What an event's commit costs in a store of 0.1, 1, 10 … million events: whole files through the real store, events spread over
// thirty days. Run: npm run bench:scale [-- --events 10000000 --folder DIR]. Prints JSON and writes it to docs/results/scale.json.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkRoom, shapeFor } from "./grown-store.ts";
import { measureScale } from "./measure-scale.ts";
import { conditions, writeResult } from "./result.ts";

const { values } = parseArgs({
  options: {
    /** The largest size; the others are 100,000 and every tenfold of it below. */
    events: { type: "string", default: "1000000" },
    from: { type: "string", default: "100000" },
    files: { type: "string", default: "10" },
    lines: { type: "string", default: "15000" },
    "line-bytes": { type: "string", default: "1000" },
    /** Where the grown store is kept, for bench:search; without it, it is removed. */
    folder: { type: "string" },
  },
});
const largest = Number(values.events);
const linesPerFile = Number(values.lines);
const sizes: number[] = [];
for (let size = Number(values.from); size < largest; size *= 10) sizes.push(size);
sizes.push(largest);

const folder = values.folder ?? mkdtempSync(join(tmpdir(), "cistern-bench-"));
mkdirSync(folder, { recursive: true });
try {
  const before = conditions();
  const lineBytes = Number(values["line-bytes"]);
  checkRoom(folder, largest, lineBytes);
  const files = Number(values.files);
  const shape = shapeFor(largest, linesPerFile, lineBytes);
  const rows = await measureScale({ folder, shape, sizes, files });
  writeResult("scale", { ...before, linesPerFile, lineBytes, filesMeasured: files, sizes: rows });
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
