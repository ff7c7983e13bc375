import { MINUTE_MS } from "./instants.ts";
import type { RateLimits } from "./options.ts";

/** The routes that have a limit of their own. */
export type LimitedRoute = "list" | "download" | "max-event-time" | "users" | "conversations";

/** Counts the requests of each key on each route. */
export interface RateLimiter {
  /** Counts one request. Undefined lets it pass; a number is how many whole seconds to wait. */
  take(key: string, route: LimitedRoute): number | undefined;
  /** Changes the limits at once. */
  change(limits: Partial<RateLimits>): void;
  /** The limits in force. */
  limits(): RateLimits;
}

/** A limiter with a window of one minute that opens with the first request after the last one closed. */
export function rateLimiter(initial: RateLimits, now: () => number): RateLimiter {
  let limits = initial;
  const windows = new Map<string, { openedAt: number; used: number }>();
  const limitOf = (route: LimitedRoute) => (route === "list" || route === "download" ? limits[route] : limits.other);
  return {
    take(key, route) {
      const limit = limitOf(route);
      if (limit === 0) return undefined;
      const at = now();
      const name = `${route} ${key}`;
      let window = windows.get(name);
      if (!window || at - window.openedAt >= MINUTE_MS) {
        window = { openedAt: at, used: 0 };
        windows.set(name, window);
      }
      if (window.used >= limit) return Math.max(1, Math.ceil((window.openedAt + MINUTE_MS - at) / 1000));
      window.used += 1;
      return undefined;
    },
    change(changes) {
      limits = { ...limits, ...changes };
    },
    limits: () => limits,
  };
}
