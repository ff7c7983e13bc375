import type { Sleep } from "./source-context.ts";

/** Every ring wakes those who listen at that moment. */
export interface Bell {
  ring(): void;
  next(): Promise<void>;
}

export function createBell(): Bell {
  let wake = () => {};
  const hang = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  let next = hang();
  return {
    ring() {
      const rung = wake;
      next = hang();
      rung();
    },
    next: () => next,
  };
}

/** Without a reason of its own, each abort makes an exception with its stack. */
const OVER = "over";

/** Waits for the ring or for so long, whichever comes first, and leaves no sleep behind. Returns whether it rang. */
export async function rungWithin(rung: Promise<void>, ms: number, sleep: Sleep, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const slept = sleep(ms, AbortSignal.any([signal, over.signal]));
  try {
    return await Promise.race([rung.then(() => true), slept.then(() => false)]);
  } finally {
    over.abort(OVER);
  }
}
