// The words that made-up messages are made of, the same in every run.

const COMMON = 20_000;
const RARE = 1_000_000;
const HAN = 3_000;
const LETTERS = "etaoinshrdlucmfwypvbgk";
const CONSONANTS = "bcdfghklmnprstvwy";
const VOWELS = "aeiou";
const FIRST_HAN = 0x4e00;

/** Mulberry32: small, fast, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const vocabulary = makeVocabulary();

/** The word at this rank: 0 is the most common. */
export const wordAt = (rank: number): string => vocabulary[rank]!;

/** Words as common as Zipf's law has them in natural language: the rank is uniform on a logarithmic scale. */
export const word = (random: () => number): string => vocabulary[Math.floor(COMMON ** random())]!;

/** One of a million that are equally rare: names, numbers, slips of the pen. */
export function rareWord(random: () => number): string {
  let left = Math.imul(Math.floor(random() * RARE), 2_654_435_761) >>> 0;
  let text = "";
  for (let syllable = 0; syllable < 4; syllable++) {
    text += CONSONANTS[left % CONSONANTS.length];
    left = Math.floor(left / CONSONANTS.length);
    text += VOWELS[left % VOWELS.length];
    left = Math.floor(left / VOWELS.length);
  }
  return text;
}

/** A word of two Han characters, common ones more often. */
export const hanWord = (random: () => number): string => han(random) + han(random);

const han = (random: () => number) => String.fromCharCode(FIRST_HAN + Math.floor(HAN ** random()));

/** Made-up words of two to eleven letters, the common ones shorter. */
function makeVocabulary(): readonly string[] {
  const random = seeded(7);
  const letter = () => LETTERS[Math.floor(random() ** 1.5 * LETTERS.length)];
  return Array.from({ length: COMMON }, (_, rank) => {
    const length = 2 + Math.floor((Math.log2(rank + 2) / 14.3) * 6 + random() * 4);
    return Array.from({ length }, letter).join("");
  });
}
