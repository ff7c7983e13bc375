// How long people wait for a page of hits and its count, over an index of one or ten million events; and how quickly it is built.
// Run: npm run bench:search [-- --events 10000000 --folder DIR]. Prints JSON and writes it to docs/results/search.json.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkRoom, shapeFor } from "./grown-store.ts";
import { measureSearch } from "./measure-search.ts";
import { conditions, writeResult } from "./result.ts";

/** What the index takes for an event, and what building it writes aside. */
const INDEX_BYTES = 900;

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    lines: { type: "string", default: "15000" },
    "line-bytes": { type: "string", default: "1000" },
    /** Where store and index are kept; one that bench:scale left, with the same numbers, is gone on with. */
    folder: { type: "string" },
  },
});
const events = Number(values.events);
const lineBytes = Number(values["line-bytes"]);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), "cistern-bench-"));
mkdirSync(folder, { recursive: true });
try {
  const before = conditions();
  checkRoom(folder, events, lineBytes, INDEX_BYTES);
  const shape = shapeFor(events, Number(values.lines), lineBytes);
  writeResult("search", { ...before, lineBytes, ...(await measureSearch({ folder, shape, events })) });
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
