import { defineConfig } from "vitest/config";
import { countReporter } from "./scripts/counts.ts";

// `npx vitest` takes whatever Node is first on PATH; with another one half of the tests fail for no visible reason.
if (!process.version.startsWith("v26."))
  throw new Error(`The tests need Node 26, this is ${process.version}: use npm test -- FILE`);

const counts = process.env.CISTERN_TEST_COUNTS;
const archive = "test/build.test.ts";

// The groups run one after the other: what starts real processes does not compete with the unit tests for two cores.
const group = (name: string, groupOrder: number, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude, sequence: { groupOrder } },
});

export default defineConfig({
  test: {
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: counts === undefined ? ["default"] : ["default", countReporter(counts)],
    projects: [
      group("unit", 0, ["src/**/*.test.ts", "scripts/**/*.test.ts", "web/**/*.test.{ts,tsx}"]),
      group("end-to-end", 1, ["test/**/*.test.ts"], [archive]),
      group("archive", 2, [archive]),
    ],
  },
});
