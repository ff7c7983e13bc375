// A running server hears of what the command line has changed in control.db.
import { CollectorError } from "./model/errors.ts";
import type { Logger } from "./model/log.ts";
import type { Lifetime } from "./runtime/lifetime.ts";

const LOOK_EVERY_MS = 2_000;

export interface FollowParts {
  /** Another number whenever somebody else has changed something. */
  changedByOthers(): number;
  /** Applies what control.db says now. */
  refresh(): Promise<void>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/** Runs until the signal aborts. Throws what is a bug of ours; a disk that fails is asked again. */
export async function followControl(parts: FollowParts, signal: AbortSignal): Promise<void> {
  let known = parts.changedByOthers();
  while (!signal.aborted) {
    await parts.sleep(LOOK_EVERY_MS, signal);
    try {
      const now = signal.aborted ? known : parts.changedByOthers();
      if (now === known) continue;
      await parts.refresh();
      known = now;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CollectorError) || error.code !== "storage") throw error;
      parts.log.warn({ code: error.code, reason: error.reason }, error.message);
    }
  }
}

/** Follows until the lifetime ends. A bug of ours ends the process: what is changed would be heard by nobody. */
export function startFollowing(parts: FollowParts, lifetime: Lifetime): void {
  const stop = new AbortController();
  const following = followControl(parts, stop.signal).catch((error: Error) => {
    parts.log.error({ error: error.message, stack: error.stack }, "control.db is no longer followed");
    lifetime.breakOff(error);
  });
  lifetime.opened(async () => {
    stop.abort();
    await following;
  });
}
