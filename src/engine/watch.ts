// Tells whether the work of a data source moves, so that a loop that hangs is noticed from outside and named.
import type { WorkInHand } from "../model/engine.ts";

/** One piece of work: a look for files, or one file. */
export interface Work {
  /** It got on: a page, a piece of a file, a step. */
  moved(): void;
  /** Waits for the world: upstream, or the rate that it allows. Meanwhile standing still is nobody's fault here. */
  outside<T>(call: () => Promise<T>): Promise<T>;
}

export interface Watch {
  /** Runs a piece of work under this name. */
  during<T>(what: string, work: (handle: Work) => Promise<T>): Promise<T>;
  /** Of the work in hand, what has not moved for longest; what waits for the world comes last. */
  slowest(): WorkInHand | undefined;
}

/** For work that nobody watches. */
export const unwatched: Work = { moved: () => {}, outside: (call) => call() };

export function createWatch(now: () => Date): Watch {
  const inHand = new Set<{ readonly what: string; movedMs: number; outside: number }>();
  return {
    async during(what, work) {
      const entry = { what, movedMs: now().getTime(), outside: 0 };
      const moved = () => {
        entry.movedMs = now().getTime();
      };
      inHand.add(entry);
      try {
        return await work({
          moved,
          async outside(call) {
            entry.outside += 1;
            try {
              return await call();
            } finally {
              entry.outside -= 1;
              moved();
            }
          },
        });
      } finally {
        inHand.delete(entry);
      }
    },
    slowest() {
      const order = [...inHand].sort((a, b) => Number(a.outside > 0) - Number(b.outside > 0) || a.movedMs - b.movedMs);
      const [first] = order;
      if (first === undefined) return undefined;
      const { what, movedMs, outside } = first;
      return { what, movedAt: new Date(movedMs).toISOString(), outside: outside > 0 };
    },
  };
}
