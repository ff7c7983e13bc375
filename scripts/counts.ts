// Counting of test results, for the last line of `npm test`.
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** How many tests ended how. `skipped` includes tests that are only planned. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Sum of the counts; 0 for none. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum = (field: keyof Counts) => all.reduce((total, counts) => total + counts[field], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** The counts as they are judged: with CI=true a skipped test has failed, and no test at all is a failure. */
export function judge(counts: Counts, ci: boolean): Counts {
  const strict = ci ? { ...counts, failed: counts.failed + counts.skipped, skipped: 0 } : counts;
  return strict.passed + strict.failed === 0 ? { ...strict, failed: 1 } : strict;
}

/** The plain last line: `N passed, N failed`, followed by `, N skipped` where there are any. */
export function countLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Counts of one run. A file that does not load and a failed set-up of a block count as one failed test each. */
export function countModules(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Counts {
  let counts: Counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    const blocks = [module, ...module.children.allSuites()];
    const failed = blocks.filter((block) => block.errors().length > 0).length;
    counts = addCounts([counts, { passed: 0, failed, skipped: 0 }]);
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      const field = state === "pending" ? "failed" : state; // still running at the end: cut off
      counts = { ...counts, [field]: counts[field] + 1 };
    }
  }
  return counts;
}

/** A vitest reporter that leaves the counts of the run in a file, as JSON. */
export function countReporter(path: string): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      writeFileSync(path, JSON.stringify(countModules(modules, unhandledErrors)));
    },
  };
}
