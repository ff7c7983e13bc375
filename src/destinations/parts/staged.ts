import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../../model/check.ts";
import type { Sent } from "../../model/destination.ts";

export interface Stage {
  readonly id: string;
  readonly title: string;
  readonly work: () => Promise<StepOutcome<undefined>>;
}

/** Stages that each need the one before: the first that fails skips the rest. */
export async function* staged(now: () => Date, stages: readonly Stage[]): AsyncGenerator<CheckStep> {
  let failed: string | undefined;
  for (const { id, title, work } of stages) {
    if (failed !== undefined) {
      yield skippedStep(id, title, `"${failed}" failed`);
      continue;
    }
    for await (const step of runStep(id, title, now, work)) {
      if (step.state === "failed") failed = title;
      yield step;
    }
  }
}

/** The last stage: the marked test event goes the way that every event goes. */
export const delivery = (deliver: () => Promise<Sent>, detail: string): Stage => ({
  id: "deliver",
  title: "Deliver a test event",
  work: async () => {
    const { refused = [], again = [] } = await deliver();
    if (refused[0] !== undefined) {
      const { answer, reason } = refused[0];
      return { state: "failed", detail: answer, reason, remedy: "Raise the limit that it names" };
    }
    if (again.length > 0)
      return {
        state: "failed",
        detail: "It was not taken this time",
        remedy: "Try again; if it stays, make room there",
      };
    return { state: "ok", detail };
  },
});
