import type { Destination } from "../../src/model/destination.ts";

/** The same destination with a twentieth of its patience, as far as it waits by its own clock. */
export const inHaste = <Settings>(kind: Destination<Settings>): Destination<Settings> => ({
  ...kind,
  open: (context) => kind.open({ ...context, sleep: (ms, stop) => context.sleep(ms / 20, stop) }),
});
