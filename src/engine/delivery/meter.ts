// What the last minute of a destination's work came to.
import type { RecentAnswer } from "../../model/delivery-plan.ts";

const ANSWERS = 20;
const LATENCIES = 100;
const WINDOW_MS = 60_000;

export interface Meter {
  note(answer: RecentAnswer): void;
  readonly answers: readonly RecentAnswer[];
  readonly latencyP95Ms: number | undefined;
  rates(): { readonly eventsPerSecond: number; readonly bytesPerSecond: number };
}

export function createMeter(now: () => Date): Meter {
  const answers: RecentAnswer[] = [];
  const latencies: number[] = [];
  let taken: { readonly atMs: number; readonly events: number; readonly bytes: number }[] = [];
  const recent = () => {
    const since = now().getTime() - WINDOW_MS;
    taken = taken.filter(({ atMs }) => atMs > since);
    return taken;
  };
  return {
    note(answer) {
      answers.unshift(answer);
      answers.length = Math.min(ANSWERS, answers.length);
      latencies.push(answer.durationMs);
      if (latencies.length > LATENCIES) latencies.shift();
      if (answer.outcome !== "taken" && answer.outcome !== "partly") return;
      taken = [...recent(), { atMs: now().getTime(), events: answer.events, bytes: answer.bytes }];
    },
    get answers() {
      return [...answers];
    },
    get latencyP95Ms() {
      const sorted = latencies.toSorted((a, b) => a - b);
      return sorted.length === 0 ? undefined : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))];
    },
    rates() {
      const all = recent();
      const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
      const seconds = WINDOW_MS / 1_000;
      return {
        eventsPerSecond: sum(({ events }) => events) / seconds,
        bytesPerSecond: sum(({ bytes }) => bytes) / seconds,
      };
    },
  };
}
