// Counts what upstream answered, for the metrics; and how far its clock is from ours.
import type { RequestCount } from "../model/engine.ts";
import { CollectorError } from "../model/errors.ts";

export interface Tally {
  /** The same promise, its outcome counted under the route. */
  counted(route: string, answer: Promise<Response>): Promise<Response>;
  counts(): readonly RequestCount[];
  readonly clockSkewMs: number | undefined;
}

export function createTally(now: () => Date): Tally {
  const counts = new Map<string, RequestCount>();
  let clockSkewMs: number | undefined;
  const add = (route: string, status: number) => {
    const key = `${route} ${status}`;
    counts.set(key, { route, status, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  return {
    async counted(route, answer) {
      try {
        const response = await answer;
        add(route, response.status);
        clockSkewMs = skewOf(response, now()) ?? clockSkewMs;
        return response;
      } catch (error) {
        if (error instanceof CollectorError) add(route, error.status ?? 0);
        throw error;
      }
    },
    counts: () => [...counts.values()],
    get clockSkewMs() {
      return clockSkewMs;
    },
  };
}

// The Date header knows whole seconds.
function skewOf({ headers }: Response, now: Date): number | undefined {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(theirs) ? undefined : theirs - now.getTime();
}
