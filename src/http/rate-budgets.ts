import { RateBudget, type RateBudgetOptions } from "./rate-budget.ts";
import type { Seams } from "./seams.ts";

/** Rates found out in an earlier life of the process, and where new ones are kept. */
export interface RateMemory {
  /** By budget id; undefined where nothing is known. */
  readonly remembered: (budgetId: string) => number | undefined;
  /** Called at each notable change; must not throw. */
  readonly remember: (budgetId: string, perMinute: number) => void;
}

/** Every budget of the process: one per key and route, shared by all collectors that use the key. */
export interface RateBudgets {
  /** `keyId` is the fingerprint of the key. */
  budget(keyId: string, route: string): RateBudget;
  /** Requests a minute that are allowed now, by route, for the routes used so far. */
  rates(keyId: string): Readonly<Record<string, number>>;
}

export function createRateBudgets(
  seams: Pick<Seams, "monotonicMs" | "sleep" | "random">,
  memory: RateMemory,
): RateBudgets {
  const byKey = new Map<string, Map<string, RateBudget>>();
  return {
    budget(keyId, route) {
      const routes = byKey.get(keyId) ?? new Map<string, RateBudget>();
      byKey.set(keyId, routes);
      const known = routes.get(route);
      if (known) return known;
      const id = `${keyId}:${route}`;
      const options: RateBudgetOptions = {
        ...seams,
        remembered: memory.remembered(id),
        remember: (perMinute) => memory.remember(id, perMinute),
      };
      const made = new RateBudget(options);
      routes.set(route, made);
      return made;
    },
    rates(keyId) {
      const routes = [...(byKey.get(keyId) ?? [])];
      return Object.fromEntries(routes.map(([route, budget]) => [route, budget.perMinute()]));
    },
  };
}
