import { type Token, tokens } from "./tokens.ts";

/** One line of the readable form. Positions are of the text it was made from. */
export interface JsonLine {
  readonly depth: number;
  readonly key: Span | undefined;
  /** A whole value, a bracket, or both brackets of an empty container. */
  readonly value: Span;
  readonly kind: "value" | "open" | "close";
  readonly comma: boolean;
  /** Of an opening line: the number of its closing line. */
  readonly closes: number;
  /** Of an opening line: how many members or elements stand inside. */
  readonly members: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

type Draft = { -readonly [K in keyof JsonLine]: JsonLine[K] };

/**
 * The lines of the readable form of one JSON value: brackets and members on lines of their own, each piece a slice of
 * the text. Undefined where the text is not one value with matching brackets; then it can only be shown as it is.
 */
export function jsonLines(text: string): readonly JsonLine[] | undefined {
  const outline = new Outline(text);
  for (const token of tokens(text)) if (token.kind !== "space" && !outline.take(token)) return undefined;
  return outline.isWhole() ? outline.lines : undefined;
}

class Outline {
  readonly lines: Draft[] = [];
  readonly #text: string;
  readonly #open: number[] = [];
  #expects: "value" | "key" | "colon" | "comma" | "end" = "value";
  #key: Span | undefined;
  /** Directly behind an opening bracket, where it may close again. */
  #fresh = false;

  constructor(text: string) {
    this.#text = text;
  }

  isWhole(): boolean {
    return this.#expects === "end";
  }

  take(token: Token): boolean {
    const fresh = this.#fresh;
    this.#fresh = false;
    if (token.kind === "close") return (this.#expects === "comma" || fresh) && this.#close(token, fresh);
    if (this.#expects === "key") return token.kind === "string" && this.#take("colon", () => (this.#key = token));
    if (this.#expects === "colon") return token.kind === "colon" && this.#take("value");
    if (this.#expects === "comma") return token.kind === "comma" && this.#comma();
    if (this.#expects === "end") return false;
    if (token.kind === "open") return this.#begin(token);
    if (token.kind !== "string" && token.kind !== "number" && token.kind !== "word") return false;
    this.#add(token, "value");
    this.#after();
    return true;
  }

  #take(next: "colon" | "value", note?: () => void): true {
    note?.();
    this.#expects = next;
    return true;
  }

  #add({ start, end }: Span, kind: JsonLine["kind"]): void {
    const parent = this.#open.at(-1);
    if (kind !== "close" && parent !== undefined) this.lines[parent]!.members += 1;
    this.lines.push({
      depth: this.#open.length,
      key: this.#key,
      value: { start, end },
      kind,
      comma: false,
      closes: -1,
      members: 0,
    });
    this.#key = undefined;
  }

  #begin(token: Token): true {
    this.#add(token, "open");
    this.#open.push(this.lines.length - 1);
    this.#expects = this.#isObject(token) ? "key" : "value";
    this.#fresh = true;
    return true;
  }

  #close(token: Token, fresh: boolean): boolean {
    const opened = this.#open.pop();
    if (opened === undefined) return false;
    const line = this.lines[opened]!;
    if (this.#isObject(line.value) !== (this.#text[token.start] === "}")) return false;
    if (fresh) {
      line.kind = "value";
      line.value = { start: line.value.start, end: token.end };
    } else {
      line.closes = this.lines.length;
      this.#add(token, "close");
    }
    this.#after();
    return true;
  }

  #comma(): true {
    const last = this.lines.at(-1)!;
    last.comma = true;
    this.#expects = this.#isObject(this.lines[this.#open.at(-1)!]!.value) ? "key" : "value";
    return true;
  }

  #after(): void {
    this.#expects = this.#open.length === 0 ? "end" : "comma";
  }

  #isObject({ start }: Span): boolean {
    return this.#text[start] === "{";
  }
}

/** The numbers of the lines that stand while the given opening lines are folded. */
export function unfolded(lines: readonly JsonLine[], folded: ReadonlySet<number>): readonly number[] {
  const shown: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    shown.push(at);
    if (folded.has(at)) at = lines[at]!.closes;
  }
  return shown;
}
