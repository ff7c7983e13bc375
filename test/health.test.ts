// The quick ones of `npm run test:health`: real processes, each state named. How long it takes is measured there, not here.
import { expect, test } from "vitest";
import { ownFault } from "./health/own-fault.ts";
import { play, scenarios } from "./health/scenarios.ts";

test.each(scenarios.filter(({ quick }) => quick))(
  "$name is named $cause, with its evidence",
  { timeout: 240_000 },
  async (scenario) => {
    const { report } = await play(scenario);

    expect(report.reason).not.toBe("");
    expect(report.evidence.length).toBeGreaterThan(0);
    if (scenario.cause === "catching_up") expect(report.forecast).toBeDefined();
    if (report.fault !== "none") expect(report.action).toBeDefined();
  },
);

test("work of our own that hangs is named as Cistern's own fault", { timeout: 60_000 }, async () => {
  const { report } = await ownFault(50);

  expect(report).toMatchObject({ health: "degraded", fault: "us" });
  expect(report.reason).toContain("looking for files");
});
