// All benchmarks, one after the other, at sizes that a small machine gets through in about a quarter of an hour. Each is a command
// of its own as well, with sizes of its own: npm run bench:ingest, and so on. Run: npm run bench [-- ingest script …].
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { note } from "./result.ts";

const parts = ["ingest", "script", "scale", "search", "freshness", "soak", "rate", "destinations"];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.includes(name));
if (unknown.length > 0) {
  note(`There is no benchmark ${unknown.join(", ")}: choose from ${parts.join(", ")}`);
  process.exit(2);
}
// In processes of their own: none inherits the memory of the one before.
for (const name of wanted.length === 0 ? parts : wanted) {
  note(`== ${name}`);
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, `${name}.ts`)], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
