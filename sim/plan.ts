// How a seed becomes a story: its length, the collector's settings, and when the process dies.
import { type Random, randomOf } from "../src/sandbox/random.ts";
import type { Switch } from "./switches.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type IncidentKind = "await" | "statement" | "freeze" | "restore";

/** The process dies, or freezes, some steps after an instant, and a new one is started some time later. */
export interface Incident {
  readonly kind: IncidentKind;
  readonly atMs: number;
  /** Awaits, or statements, after the instant. */
  readonly steps: number;
  readonly downMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly on: ReadonlySet<Switch>;
  readonly startMs: number;
  /** Faults end here. */
  readonly calmMs: number;
  /** And by then everything must be well. */
  readonly endMs: number;
  readonly overlapMs: number;
  readonly pollIntervalMs: number;
  readonly retentionDays: number | undefined;
  readonly timezone: string;
  readonly incidents: readonly Incident[];
}

export function planOf(seed: number, on: ReadonlySet<Switch>): Plan {
  const random = randomOf(seed, "plan");
  const startMs = Date.UTC(2026, random.between(0, 11), random.between(1, 28), random.between(0, 23));
  const overlapMs = random.pick([6, 12, 24]) * HOUR_MS;
  const pollIntervalMs = random.pick([4, 8, 12]) * HOUR_MS;
  const seasonMs = 7 * DAY_MS;
  const incidents = incidentsOf(seed, on, { startMs, seasonMs, overlapMs });
  const stops = incidents.reduce((sum, { downMs }) => sum + downMs, 0);
  const calmMs = startMs + seasonMs + (stops > 10 * DAY_MS ? stops : 0) + 2 * overlapMs;
  return {
    seed,
    on,
    startMs,
    calmMs,
    // A deep scan a day, a day for a file set aside to be tried again, and an hour between two questions after a missing one.
    endMs: calmMs + 3 * DAY_MS,
    overlapMs,
    pollIntervalMs,
    retentionDays: on.has("retention") ? random.pick([2, 4]) : undefined,
    timezone: random.pick(["UTC", "Europe/Berlin", "America/New_York"]),
    incidents,
  };
}

/** At most so many steps after the instant; a database that goes back goes back by hours. */
const STEPS: Readonly<Record<IncidentKind, number>> = { await: 12, statement: 120, freeze: 0, restore: 400 };

interface Stretch {
  readonly startMs: number;
  readonly seasonMs: number;
  readonly overlapMs: number;
}

function incidentsOf(seed: number, on: ReadonlySet<Switch>, stretch: Stretch): readonly Incident[] {
  const made: Incident[] = [];
  const add = (name: Switch, count: number, kind: IncidentKind, downMs: (random: Random) => number) => {
    if (!on.has(name)) return;
    for (let i = 0; i < count; i += 1) {
      const random = randomOf(seed, "incident", name, i);
      const atMs = stretch.startMs + random.fraction() * stretch.seasonMs;
      made.push({ kind, atMs, steps: random.between(0, STEPS[kind]), downMs: downMs(random) });
    }
  };
  const short = (random: Random) => random.between(1_000, 2 * HOUR_MS);
  add("crashes", 3, "await", short);
  add("crashInTransaction", 4, "statement", short);
  add("longOutage", 1, "await", (random) => stretch.overlapMs * (1.1 + random.fraction()));
  add("longStop", 1, "await", (random) => (31 + random.fraction() * 5) * DAY_MS);
  add("frozenWorker", 2, "freeze", short);
  add("restoredBackup", 1, "restore", short);
  return made.sort((a, b) => a.atMs - b.atMs);
}
