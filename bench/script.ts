// The product beside the plainest script that collects the same (curl, jq, sha256sum; see script.sh), from the same upstream in the
// same run: once with files as large as upstream makes them, once with many small ones, as most of a backlog is. Run: npm run
// bench:script [-- --files 10 --lines 15000 --small-files 300 --small-lines 100]. Prints JSON and writes it to
// docs/results/script.json.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareWithScript } from "./compare-with-script.ts";
import { missingTools } from "./measure-script.ts";
import { conditions, note, writeResult } from "./result.ts";

const workspaceId = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
const { values } = parseArgs({
  options: {
    files: { type: "string", default: "10" },
    lines: { type: "string", default: "15000" },
    "small-files": { type: "string", default: "300" },
    "small-lines": { type: "string", default: "100" },
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
  const compared = (name: string, files: string, lines: string) => {
    const shape = {
      files: Number(files),
      linesPerFile: Number(lines),
      lineBytes: Number(values["line-bytes"]),
      workspaceId,
    };
    mkdirSync(join(folder, name));
    return compareWithScript(join(folder, name), shape);
  };
  const largeFiles = await compared("large", values.files, values.lines);
  const smallFiles = await compared("small", values["small-files"], values["small-lines"]);
  writeResult("script", { ...before, largeFiles, smallFiles });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
