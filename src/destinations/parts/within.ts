import type { SenderContext } from "../../model/destination.ts";
import type { CollectorError } from "../../model/errors.ts";

export interface Within {
  readonly ms: number;
  readonly late: () => CollectorError;
  readonly signal: AbortSignal;
  readonly sleep: SenderContext<unknown>["sleep"];
}

/** What the work comes to, unless it takes too long or the signal aborts: then it is left to itself, and the reason is thrown. */
export async function within<T>(work: Promise<T>, { ms, late, signal, sleep }: Within): Promise<T> {
  const ended = new AbortController();
  const over = sleep(ms, AbortSignal.any([ended.signal, signal])).then(() => {
    signal.throwIfAborted();
    throw late();
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    ended.abort();
  }
}
