import type { Replay, ReplayRequest } from "../../api-types.ts";

/** What the dialog holds: texts of the date fields, read as UTC. */
export interface RangeForm {
  readonly collectorIds: readonly string[];
  readonly dataSource: string | null;
  /** `2026-07-15T14:00`, or empty. */
  readonly from: string;
  readonly to: string;
}

/** The request that the form describes; what is left open is not named. */
export function replayOf({ collectorIds, dataSource, from, to }: RangeForm, all: number): ReplayRequest {
  return {
    ...(collectorIds.length < all && { collectorIds }),
    ...(dataSource !== null && { dataSource }),
    ...(from !== "" && { from: instant(from) }),
    ...(to !== "" && { to: instant(to) }),
  };
}

export function rangeProblem({ collectorIds, from, to }: RangeForm): string | undefined {
  if (collectorIds.length === 0) return "Choose at least one collector";
  if (from !== "" && to !== "" && from >= to) return "The end is not after the beginning";
  return undefined;
}

// A field of date and time leaves out the seconds where they are none.
const instant = (text: string) => `${/:\d\d:\d\d/.test(text) ? text : `${text}:00`}Z`;

/** The share of a replay that is settled, 0 to 1. The forecast is what it is measured by; events may have gone since. */
export function progressOf({ state, events, delivered, filtered, dead }: Replay): number {
  if (state === "done") return 1;
  return events === 0 ? 0 : Math.min(1, (delivered + filtered + dead) / events);
}
