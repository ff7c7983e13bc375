// Whether a data source gets on, seen by what is written of it: for a run that has to end although upstream cannot be reached.
import type { FileFailure, Store } from "../model/store.ts";
import type { Sleep } from "./source-context.ts";

const LOOK_EVERY_MS = 1_000;

export interface Progress {
  /** The same store, watched. */
  readonly store: Store;
  /** A look for files failed, and is tried again. */
  lookFailed(): void;
  /** Resolves with true once nothing got on for `patienceMs` although it was tried; with false when the signal aborts. */
  stuck(patienceMs: number, paused: () => boolean): Promise<boolean>;
}

type Part = "listing" | "files";

/** Time is counted in waits, so that a clock that is set does not end a run or keep it going. */
export function createProgress(target: Store, { sleep, signal }: { sleep: Sleep; signal: AbortSignal }): Progress {
  let ms = 0;
  let collectedMs = 0;
  const hinderedMs: Record<Part, number | undefined> = { listing: undefined, files: undefined };
  const hinder = (part: Part) => {
    hinderedMs[part] ??= ms;
  };
  const collected = () => {
    collectedMs = ms;
    hinderedMs.files = undefined;
  };
  const heard: Partial<Record<keyof Store, (args: readonly unknown[]) => void>> = {
    recordListing: () => {
      hinderedMs.listing = undefined;
    },
    commitFile: collected,
    expireFile: collected,
    failFile: (args) => {
      const { state, error } = args[3] as FileFailure;
      // What is refused for good is set aside after some attempts: that is an end too.
      if (state === "quarantined") collected();
      else if (error.code === "unavailable") hinder("files");
    },
  };
  const store = new Proxy(target, {
    get(store, name) {
      const own: unknown = Reflect.get(store, name, store);
      const hear = heard[name as keyof Store];
      if (typeof own !== "function") return own;
      if (!hear) return own.bind(store);
      return async (...args: unknown[]) => {
        const result: unknown = await own.apply(store, args);
        hear(args);
        return result;
      };
    },
  });
  return {
    store,
    lookFailed: () => hinder("listing"),
    async stuck(patienceMs, paused) {
      while (!signal.aborted) {
        await sleep(LOOK_EVERY_MS, signal);
        ms += LOOK_EVERY_MS;
        if (paused()) hinder("files");
        const since = [hinderedMs.listing, hinderedMs.files].filter((one) => one !== undefined);
        if (since.length > 0 && ms - Math.max(collectedMs, Math.min(...since)) >= patienceMs) return true;
      }
      return false;
    },
  };
}
