/** A clock that stands still until it is told to move. */
export interface FakeClock {
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  /** Moves on by so much, waking each sleeper at its own instant, in order. */
  advance(ms: number): Promise<void>;
  /** How many sleep now: a test of what should leave nothing behind can ask. */
  sleepers(): number;
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** A clock at `start`, by default 2026-01-01T00:00:00Z. `random` is always one half. */
export function fakeClock(start = "2026-01-01T00:00:00Z"): FakeClock {
  const startMs = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  let ms = 0;

  const sleep = (duration: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      const wake = () => {
        sleepers.delete(sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper: Sleeper = { wakesAt: ms + duration, wake };
      sleepers.add(sleeper);
      signal.addEventListener("abort", wake, { once: true });
    });

  return {
    now: () => new Date(startMs + ms),
    monotonicMs: () => ms,
    sleep,
    random: () => 0.5,
    sleepers: () => sleepers.size,
    async advance(duration) {
      const until = ms + duration;
      await settled();
      for (let next = earliest(sleepers, until); next; next = earliest(sleepers, until)) {
        ms = Math.max(ms, next.wakesAt);
        next.wake();
        await settled();
      }
      ms = until;
      await settled();
    },
  };
}

function earliest(sleepers: ReadonlySet<Sleeper>, until: number): Sleeper | undefined {
  let found: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.wakesAt <= until && (found === undefined || sleeper.wakesAt < found.wakesAt)) found = sleeper;
  }
  return found;
}

/** Lets everything run that can run without time passing. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
