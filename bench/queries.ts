// A mixed set of what people ask: of each kind so many, the same in every run.
import type { SearchQuery } from "../src/model/search.ts";
import { actions, clients, emailOf, feeds, models, people, startMs } from "./messages.ts";
import { hanWord, rareWord, seeded, word, wordAt } from "./words.ts";

export interface AskedQuery {
  readonly kind: string;
  readonly query: SearchQuery;
}

export interface Period {
  /** µs since 1970, of the events that are searched. */
  readonly fromUs: number;
  readonly toUs: number;
}

const EACH = 14;
const DAY_US = 86_400_000_000;

/** About two hundred. `phraseOf` gives words that stand side by side in an event. */
export function queries({ fromUs, toUs }: Period, phraseOf: (place: number) => string): readonly AskedQuery[] {
  const random = seeded(11);
  const below = (limit: number) => Math.floor(random() * limit);
  const common = () => wordAt(below(30));
  const middling = () => wordAt(100 + below(2_000));
  const span = (us: number) => {
    const start = fromUs + Math.floor(random() * Math.max(1, toUs - fromUs - us));
    return { fromUs: start, toUs: start + us };
  };
  const kinds: Readonly<Record<string, (turn: number) => SearchQuery>> = {
    "common word": () => ({ text: common() }),
    "middling word": () => ({ text: middling() }),
    "rare word": () => ({ text: rareWord(random) }),
    "two words": () => ({ text: `${word(random)} ${middling()}` }),
    "two common words": () => ({ text: `${common()} ${common()}` }),
    phrase: (turn) => ({ text: `"${phraseOf(turn)}"` }),
    "prefix of 3 to 6": (turn) => ({ text: `${longWord(random).slice(0, 3 + (turn % 4))}*` }),
    Chinese: (turn) => ({ text: turn % 2 === 0 ? hanWord(random) : `${hanWord(random)} ${hanWord(random)}` }),
    "field:value": (turn) => ({ text: fieldOf(turn, random) }),
    user: (turn) => ({ text: `user:${emailOf(below(people))}${turn % 2 === 0 ? "" : ` ${common()}`}` }),
    exclusion: (turn) => ({ text: turn % 2 === 0 ? `${common()} -${common()}` : `${middling()} -type:AUDIT_LOG` }),
    "in a day": () => ({ text: word(random), ...span(DAY_US) }),
    "two words in a week": () => ({ text: `${common()} ${middling()}`, ...span(7 * DAY_US) }),
    "one data source": (turn) => ({ text: word(random), sources: [feeds[turn % feeds.length]!] }),
    everything: (turn) => ({ text: "", ...(turn % 2 === 0 ? {} : span(DAY_US)) }),
  };
  return Object.entries(kinds).flatMap(([kind, make]) =>
    Array.from({ length: EACH }, (_, turn) => ({ kind, query: make(turn) })),
  );
}

function longWord(random: () => number): string {
  for (;;) {
    const text = word(random);
    if (text.length >= 6) return text;
  }
}

function fieldOf(turn: number, random: () => number): string {
  const oneOf = (values: readonly string[]) => values[Math.floor(random() * values.length)]!;
  const made = [
    () => `model:${oneOf(models)}`,
    () => `author:user client:${oneOf(clients)}`,
    () => `action:${oneOf(actions)}`,
    () => `ip:203.0.113.${Math.floor(random() * 256)}`,
    () => `title:${word(random)}`,
    () => "type:AUDIT_LOG",
    () => `model:gpt-5* ${word(random)}`,
  ];
  return made[turn % made.length]!();
}

/** Where the events of a store of so many files begin and end. */
export const periodOf = (files: number, fileMs: number): Period => ({
  fromUs: startMs * 1_000,
  toUs: (startMs + (files + feeds.length) * fileMs) * 1_000,
});
