// Simulated time. Everything that waits stands in one queue; the clock jumps from one entry to the next. The same seed gives the
// same order on every machine.
import type { Random } from "../src/sandbox/random.ts";

/** One life of the product's process: from a start to a crash. */
export interface Life {
  readonly number: number;
  /** A dead life's waits never end. */
  dead: boolean;
  /** A frozen one's end when it is thawed. */
  frozen: boolean;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly life: Life | undefined;
  readonly act: () => void;
}

export class Scheduler {
  /** The true time, ms since 1970; what upstream lives by. */
  now: number;
  readonly #random: Random;
  readonly #heap: Entry[] = [];
  #held: Entry[] = [];
  /** Called before each entry of a life; may kill the life, and the entry with it. */
  beforeEach: (life: Life) => void = () => undefined;
  /** Called whenever nothing more can run without time passing. */
  onQuiet: () => void = () => undefined;

  constructor(startMs: number, random: Random) {
    this.now = startMs;
    this.#random = random;
  }

  /** What is due at the same instant happens in an order that the seed decides. Without a life, the entry is the world's own. */
  after(ms: number, life: Life | undefined, act: () => void): void {
    const at = this.now + Math.max(0, Number.isFinite(ms) ? ms : Number.MAX_SAFE_INTEGER);
    push(this.#heap, { at, order: this.#random.bits(), life, act });
  }

  /** Lets time pass until an instant. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      await settled();
      this.onQuiet();
      const next = this.#heap[0];
      if (next === undefined || next.at > endMs) break;
      pop(this.#heap);
      this.now = Math.max(this.now, next.at);
      this.#perform(next);
    }
    this.now = endMs;
  }

  #perform(entry: Entry): void {
    const { life, act } = entry;
    if (life?.dead) return;
    if (life?.frozen) {
      this.#held.push(entry);
      return;
    }
    if (life) this.beforeEach(life);
    if (!life?.dead) act();
  }

  /** Everything that came due while a life was frozen happens now. */
  thaw(life: Life): void {
    life.frozen = false;
    for (const entry of this.#held) if (entry.life === life) this.after(0, life, entry.act);
    this.#held = this.#held.filter((entry) => entry.life !== life);
  }
}

/** Lets everything run that can run without time passing: promises only, for nothing simulated does real input or output. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const sooner = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!sooner(heap[i]!, heap[parent]!)) return;
    swap(heap, i, parent);
    i = parent;
  }
}

function pop(heap: Entry[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  heap[0] = last;
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    if (left >= heap.length) return;
    const child = left + 1 < heap.length && sooner(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (!sooner(heap[child]!, heap[i]!)) return;
    swap(heap, i, child);
    i = child;
  }
}

function swap(heap: Entry[], a: number, b: number): void {
  const held = heap[a]!;
  heap[a] = heap[b]!;
  heap[b] = held;
}
