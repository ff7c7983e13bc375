import { expect, test } from "vitest";
import { aReport } from "../testing/a-report.ts";
import type { Health, HealthCause } from "./health.ts";
import { isStuck } from "./progress.ts";

test.each<readonly [boolean, Health, HealthCause]>([
  [true, "failed", "key_refused"],
  [true, "failed", "settings_missing"],
  [true, "degraded", "own_fault"],
  [true, "degraded", "disk_full"],
  [true, "degraded", "network_ours"],
  [true, "degraded", "upstream_failing"],
  [true, "stalled_upstream", "stalled_upstream"],
  [false, "running", "throttled"],
  [false, "running", "call_failed"],
  [false, "degraded", "gap"],
  [false, "degraded", "set_aside"],
  [false, "catching_up", "catching_up"],
  [false, "idle", "quiet"],
  [false, "idle", "unusually_quiet"],
  [false, "paused", "paused"],
  [false, "starting", "starting"],
])("stuck is %s while %s with %s", (expected, health, cause) => {
  expect(isStuck(aReport({ health, cause }))).toBe(expected);
});
