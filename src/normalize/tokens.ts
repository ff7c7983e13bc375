import type { EventView } from "../model/outgoing.ts";
import { numberAt } from "./lookup.ts";

const MOST = 2 ** 31 - 1;

/** Tokens that went in and came out. Those read from a cache are among those that went in. */
export function tokensOf({ data }: EventView): {
  readonly input: number | undefined;
  readonly output: number | undefined;
} {
  const at = (...path: readonly string[]) => whole(numberAt(data, ...path));
  const uncached = at("payload", "token_usage", "uncached_input_tokens");
  const cached = at("payload", "token_usage", "cached_input_tokens");
  const turn = uncached === undefined || cached === undefined ? undefined : whole(uncached + cached);
  return {
    input: at("event_details", "token_usage", "input_tokens") ?? turn,
    output: at("event_details", "token_usage", "output_tokens") ?? at("payload", "token_usage", "output_tokens"),
  };
}

// Both schemas count in 32 bits.
const whole = (count: number | undefined) =>
  count !== undefined && Number.isInteger(count) && count >= 0 && count <= MOST ? count : undefined;
