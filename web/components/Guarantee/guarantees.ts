import type { DestinationKind } from "../../api-types.ts";

interface Guarantee {
  /** In a few words, for a tile. */
  readonly word: string;
  readonly title: string;
  readonly tone: "good" | "info" | "warn";
}

/** What repeats and outages do at the other side, said as it is. */
export const guarantees: Readonly<Record<DestinationKind["guarantee"], Guarantee>> = {
  idempotent: { word: "Repeats change nothing", title: "A repeat changes nothing there", tone: "good" },
  deduplicated_for_a_while: {
    word: "Repeats dropped for a while",
    title: "Repeats are dropped there for a while",
    tone: "info",
  },
  at_least_once: { word: "Repeats possible", title: "An event can arrive more than once", tone: "info" },
  unacknowledged: { word: "Can lose events", title: "Events can be lost on the way without a sign", tone: "warn" },
};
