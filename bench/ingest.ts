// From HTTP to the durable store, no step left out, beside a bare insert loop of the same lines in the same run; and, in rounds of
// their own, what people at the API feel of it. Run: npm run bench:ingest [-- --files 60 --lines 15000]. Prints JSON and writes it to
// docs/results/ingest.json.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bareLoop } from "./bare-loop.ts";
import { writeCorpus } from "./corpus.ts";
import { measureProduct } from "./measure-product.ts";
import { measureStartUp } from "./measure-start-up.ts";
import { conditions, note, writeResult } from "./result.ts";
import { startProcess } from "./start-process.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "60" },
    lines: { type: "string", default: "15000" },
    "line-bytes": { type: "string", default: "1000" },
  },
});
const shape = {
  files: Number(values.files),
  linesPerFile: Number(values.lines),
  lineBytes: Number(values["line-bytes"]),
  workspaceId: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa",
};

const folder = mkdtempSync(join(tmpdir(), "cistern-bench-"));
const before = conditions();
try {
  note(`making ${shape.files} files of ${shape.linesPerFile} lines of ${shape.lineBytes} bytes`);
  const files = writeCorpus(join(folder, "corpus"), shape);
  writeFileSync(join(folder, "corpus.json"), JSON.stringify(files));
  const upstream = await startProcess("bench/upstream.ts", [join(folder, "corpus.json")]);
  const baseUrl = upstream.firstLine;
  const events = shape.files * shape.linesPerFile;

  note("bare loop");
  const bare = await bareLoop(join(folder, "bare"), files);
  const bareRate = bare.events / bare.seconds;
  note(`  ${Math.round(bareRate)} events/s`);
  const round = async (index: "on" | "off", asked: boolean) => {
    note(`product, search index ${index}${asked ? ", with people asking" : ""}`);
    const dataDir = join(folder, "product");
    const figures = await measureProduct({ dataDir, baseUrl, workspaceId: shape.workspaceId, index, events, asked });
    rmSync(dataDir, { recursive: true });
    note(`  ${figures.eventsPerSecond} events/s`);
    return figures;
  };
  const indexPaused = await round("off", false);
  const indexRunning = await round("on", false);
  const asked = { indexPaused: await round("off", true), indexRunning: await round("on", true) };
  upstream.stop();
  note("start-up");
  const startUpMs = await measureStartUp(join(folder, "start-up"));
  writeResult("ingest", {
    ...before,
    corpus: { ...shape, fileBytes: statSync(files[0]!.path).size, events },
    bareLoop: { eventsPerSecond: Math.round(bareRate) },
    product: { indexPaused, indexRunning, asked },
    ratioToBareLoop: Number((indexPaused.eventsPerSecond / bareRate).toFixed(2)),
    startUpMs,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
