import { CollectorError } from "../../model/errors.ts";

/** So many refusals with nothing taken in between are no poison events any more: the destination is set up wrongly. */
const ALL_REFUSED = 100;

/** Keeps a backlog from becoming dead letters one after the other. */
export interface Refusals {
  /** What came of an attempt. Returns why delivery has to halt, where nothing but refusals came; counting then begins anew. */
  note(
    counts: { readonly taken: number; readonly refused: number },
    answer: string | undefined,
  ): CollectorError | undefined;
}

export function createRefusals(): Refusals {
  let inARow = 0;
  return {
    note({ taken, refused }, answer) {
      inARow = taken > 0 ? 0 : inARow + refused;
      if (inARow < ALL_REFUSED) return undefined;
      inARow = 0;
      return allRefused(answer);
    },
  };
}

const allRefused = (answer = "no reason was given") =>
  new CollectorError("config_invalid", `${ALL_REFUSED} events in a row were refused, the last one so: ${answer}`, {
    reason: "everything_refused",
    action:
      "Look at the dead letters; correct the destination, its format or what receives there, then try now and send the dead letters again",
  });
