// What every part of the chaos run has in common.

/** What a part did and what it found. */
export interface Outcome {
  /** How many of what, for people and for docs/results/chaos.json. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** One sentence for each promise that did not hold. Empty: the part has passed. */
  readonly faults: readonly string[];
}

export interface PartOptions {
  readonly seed: number;
  /** How many kills, cuts, trials, …; each part says of what. */
  readonly count: number;
  /** Says how far it is. */
  readonly note: (text: string) => void;
}

export type Part = (options: PartOptions) => Promise<Outcome>;

/** Beyond this many faults of one kind more tell nothing new. */
const MOST_SHOWN = 20;

/** Collects broken promises. */
export class Faults {
  readonly #all: string[] = [];

  /** Notes the sentence where the promise does not hold. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.add(otherwise);
  }

  add(...sentences: readonly string[]): void {
    this.#all.push(...sentences);
  }

  addBug(error: unknown): void {
    this.add(`a bug ended the delivery: ${error instanceof Error ? error.stack : String(error)}`);
  }

  get count(): number {
    return this.#all.length;
  }

  /** All of them, cut short. */
  list(): readonly string[] {
    const more = this.#all.length - MOST_SHOWN;
    return more > 0 ? [...this.#all.slice(0, MOST_SHOWN), `and ${more} more`] : [...this.#all];
  }
}

/** Undoes in reverse order what was done, also where something went wrong. */
export class CleanUp {
  readonly #undo: (() => unknown)[] = [];

  add(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  async run(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }
}
