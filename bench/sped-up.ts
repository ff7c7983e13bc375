// One clock for two processes: it stands at `startAtMs` when the real one stands at `anchorMs`, and runs `speed` times as fast.
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../src/runtime/clock.ts";

export interface SpedUp {
  readonly speed: number;
  readonly anchorMs: number;
  readonly startAtMs: number;
}

export function spedUp({ speed, anchorMs, startAtMs }: SpedUp) {
  // The wall is asked once: from then on nobody can set this clock.
  const offsetMs = systemNow().getTime() - systemMonotonicMs() - anchorMs;
  const monotonicMs = () => (systemMonotonicMs() + offsetMs) * speed;
  return {
    monotonicMs,
    now: () => new Date(startAtMs + monotonicMs()),
    sleep: (ms: number, signal: AbortSignal) => systemSleep(ms / speed, signal),
    random: systemRandom,
  };
}
