/** What a random stream can be derived from. */
export type SeedPart = string | number;

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * A small seeded generator (sfc32). The same seed parts give the same numbers on every machine.
 * It is no source of secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(a: number, b: number, c: number) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    for (let round = 0; round < 12; round += 1) this.bits();
  }

  /** The next 32 bits as an unsigned integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** A number from 0 up to, never reaching, 1. */
  fraction(): number {
    return this.bits() / 4_294_967_296;
  }

  /** An integer between both bounds, each included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** True in the given share of cases (0 to 1). Always draws one number, so that switches do not shift what follows. */
  chance(share: number): boolean {
    return this.fraction() < share;
  }

  /** One member of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.fraction() * list.length)];
    if (chosen === undefined) throw new RangeError("Cannot pick from an empty list");
    return chosen;
  }

  /** How many of something happen when `mean` are expected (Poisson). */
  count(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 30) return Math.max(0, Math.round(mean + (this.fraction() + this.fraction() - 1) * Math.sqrt(mean * 6)));
    const floor = Math.exp(-mean);
    let happened = 0;
    for (let product = this.fraction(); product > floor; product *= this.fraction()) happened += 1;
    return happened;
  }

  /** Lower-case hex digits. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.bits().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  }

  /** Letters and digits. */
  alphanumeric(length: number): string {
    let text = "";
    for (let i = 0; i < length; i += 1) text += ALPHANUMERIC[Math.floor(this.fraction() * 62)];
    return text;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const digits = this.hex(32);
    const variant = "89ab"[Number.parseInt(digits[16] ?? "0", 16) & 3];
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}

/** The random stream that belongs to these parts, in this order. */
export function randomOf(...parts: readonly SeedPart[]): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  const mix = (word: number) => {
    a = Math.imul(a ^ word, 0x85ebca6b);
    a ^= a >>> 13;
    b = Math.imul(b ^ (word + 0x165667b1), 0xc2b2ae35);
    b ^= b >>> 16;
    c = Math.imul((c + word) ^ a, 0x27d4eb2f);
    c ^= c >>> 15;
  };
  for (const part of parts) {
    if (typeof part === "number") {
      mix(part | 0);
      mix(Math.floor(part / 4_294_967_296) | 0);
    } else {
      for (let i = 0; i < part.length; i += 1) mix(part.charCodeAt(i));
      mix(0x10ffff + part.length);
    }
  }
  return new Random(a, b, c);
}

/** A share between 0 and 1 that is fixed for these parts; a rate compares with it to choose its victims. */
export function shareOf(...parts: readonly SeedPart[]): number {
  return randomOf(...parts).fraction();
}
