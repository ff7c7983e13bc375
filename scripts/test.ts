// `npm test`: a browser and other programs that tests need, types, lint, then every test; the last line is `N passed, N failed`.
//
// Arguments go to vitest: `npm test -- src/engine` runs the tests of one folder.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provisionBrowser } from "./browser.ts";
import { runChecks, runTool } from "./checks.ts";
import { addCounts, type Counts, countLine, judge } from "./counts.ts";
import { provisionPrograms } from "./debian-packages.ts";
import { provisionRsyslog } from "./rsyslog.ts";

const ci = process.env.CI === "true";
const browser = provisionBrowser(process.env);
if (browser.path === undefined)
  process.stderr.write(`${ci ? "FAILING" : "SKIPPING"} the browser tests: ${browser.reason}\n`);

const rsyslog = provisionRsyslog(process.env);
if (rsyslog.path === undefined)
  process.stderr.write(`${ci ? "FAILING" : "SKIPPING"} the tests of syslog against rsyslog: ${rsyslog.reason}\n`);
const missing = provisionPrograms(process.env);
if (missing !== undefined)
  process.stderr.write(`${ci ? "FAILING" : "SKIPPING"} the tests of Kafka and NATS: ${missing}\n`);

const checks = (await runChecks()).map(({ ok }) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }));
const tests = await runTests(process.argv.slice(2));
const counts = judge(addCounts([...checks, tests]), ci);
if (ci && tests.skipped > 0) process.stdout.write(`With CI=true a skipped test has failed: ${tests.skipped} skipped\n`);
process.stdout.write(`${countLine(counts)}\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

// Without a report, or with a report that contradicts the exit code, the run itself has failed.
async function runTests(args: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-test-"));
  try {
    const report = join(folder, "counts.json");
    const code = await runTool("vitest/vitest.mjs", ["run", ...args], {
      ...process.env,
      CISTERN_TEST_COUNTS: report,
      CISTERN_CHROMIUM: browser.path ?? "",
      CISTERN_NO_CHROMIUM: browser.reason ?? "",
    });
    const counts = readCounts(report);
    const ran = counts.passed + counts.failed + counts.skipped > 0;
    const agrees = ran && (code === 0 || counts.failed > 0);
    return agrees ? counts : { ...counts, failed: counts.failed + 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(path: string): Counts {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    process.stderr.write(`The test run left no result: ${error instanceof Error ? error.message : error}\n`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
