// What a mapping to a schema starts from.
import type { EventView } from "../model/outgoing.ts";
import { type Facts, factsOf } from "./facts.ts";
import { type Kind, kindOf, outcomeOfKind } from "./kind.ts";
import type { Outcome } from "./outcome.ts";

export interface Told {
  readonly view: EventView;
  readonly facts: Facts;
  readonly kind: Kind;
  readonly outcome: Outcome;
}

export function toldBy(view: EventView): Told {
  const facts = factsOf(view);
  const kind = kindOf(view, facts);
  return { view, facts, kind, outcome: outcomeOfKind(kind, facts) };
}

/** Upstream's whole line goes into a record only up to this many bytes; a longer one would more than double the record. */
export const LONGEST_ORIGINAL = 16_384;

/** Upstream's line to the letter, where it is text and short enough. */
export const originalOf = ({ text, stored }: EventView): string | undefined =>
  stored.raw.byteLength <= LONGEST_ORIGINAL ? text : undefined;
