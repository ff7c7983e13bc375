// A connection that is kept between batches. Clients that reconnect by themselves hide what went wrong and for how long; here a
// connection that failed is done with, and the next batch makes a new one, with new look-ups.
import { CollectorError } from "../../model/errors.ts";
import { type Within, within } from "./within.ts";

export interface KeptOptions<T> {
  /** The signal aborts when nobody waits for it any more. */
  open(signal: AbortSignal): Promise<T>;
  /** Whether it can still be used. */
  isAlive(connection: T): boolean;
  /** Gives everything back that it holds, whatever state it is in. */
  end(connection: T): Promise<void>;
}

export interface Kept<T> {
  /** Works with the connection, made where there is none. Work that fails, takes too long or is aborted takes the connection with it. */
  use<R>(limits: Within, work: (connection: T) => Promise<R>): Promise<R>;
  /** Resolves once nothing is held any more. */
  close(): Promise<void>;
}

interface Held<T> {
  readonly connection: Promise<T>;
  readonly unwanted: AbortController;
}

export function kept<T>({ open, isAlive, end }: KeptOptions<T>): Kept<T> {
  let held: Held<T> | undefined;
  let closed = false;
  const leaving = new Set<Promise<void>>();

  const drop = (which: Held<T>) => {
    if (held === which) held = undefined;
    which.unwanted.abort();
    const forget = () => void leaving.delete(left);
    const left: Promise<void> = which.connection.then(end).then(forget, forget);
    leaving.add(left);
  };
  const hold = (): Held<T> => {
    if (closed) throw new CollectorError("unavailable", "The destination has been closed");
    const unwanted = new AbortController();
    held = { connection: open(unwanted.signal), unwanted };
    return held;
  };
  const usable = async (): Promise<Held<T>> => {
    const before = held;
    if (before === undefined) return hold();
    if (isAlive(await before.connection)) return before;
    drop(before);
    return hold();
  };

  return {
    async use(limits, work) {
      limits.signal.throwIfAborted();
      const mine = await usable();
      try {
        return await within(mine.connection.then(work), limits);
      } catch (error) {
        drop(mine);
        throw error;
      }
    },
    async close() {
      closed = true;
      if (held !== undefined) drop(held);
      await Promise.all(leaving);
    },
  };
}
