// The product beside the plainest script that collects the same (curl, jq, sha256sum; see script.sh), from the same upstream in the
// same run. Run: npm run bench:script [-- --files 10 --lines 15000]. Prints JSON and writes it to docs/results/script.json.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareWithScript } from "./compare-with-script.ts";
import { missingTools } from "./measure-script.ts";
import { conditions, note, writeResult } from "./result.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "10" },
    lines: { type: "string", default: "15000" },
    "line-bytes": { type: "string", default: "1000" },
  },
});
const missing = missingTools();
if (missing.length > 0) {
  note(`NOT MEASURED: the script needs ${missing.join(" and ")}, which this machine does not have`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "cistern-bench-"));
try {
  const before = conditions();
  const shape = {
    files: Number(values.files),
    linesPerFile: Number(values.lines),
    lineBytes: Number(values["line-bytes"]),
    workspaceId: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa",
  };
  writeResult("script", { ...before, ...(await compareWithScript(folder, shape)) });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
