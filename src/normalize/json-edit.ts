// Changes values in a JSON text and leaves every other byte as it is: key order, number spelling, escapes, repeated keys, white space.

/** What becomes of the value at a path. `drop` takes its key, or its place in a list, with it. A text is put in as it is. */
export type Edit = "keep" | "drop" | { readonly put: string };

/** Asked for each value, the outer before the inner; what is kept is gone through further. `value` is the text of the value. */
export type Decide = (path: readonly string[], value: () => string) => Edit;

/** The text with the edits made. Text that is not JSON comes back as undefined. */
export function editJson(text: string, decide: Decide): string | undefined {
  try {
    const walk = new Walk(text, decide);
    return walk.whole();
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

class NotJson extends Error {}

const SPACE = /[ \t\r\n]*/y;
const WORD = /-?[0-9][0-9.eE+-]*|true|false|null/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DEEPEST = 2_000;

class Walk {
  readonly #text: string;
  readonly #decide: Decide;
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string, decide: Decide) {
    this.#text = text;
    this.#decide = decide;
  }

  whole(): string {
    const before = this.#space();
    const value = this.#value();
    const after = this.#space();
    if (this.#at !== this.#text.length) throw new NotJson();
    return before + (value ?? "null") + after;
  }

  /** The value at this place after its edit; undefined: it is dropped. */
  #value(): string | undefined {
    const start = this.#at;
    const edit = this.#decide(this.#path, () => {
      const end = this.#skip();
      return this.#text.slice(start, end);
    });
    if (edit === "keep") return this.#inside();
    this.#at = this.#skip();
    return edit === "drop" ? undefined : edit.put;
  }

  #inside(): string {
    const opening = this.#text[this.#at];
    if (opening === "{") return this.#members("}", () => this.#member());
    if (opening === "[") return this.#members("]", (place) => this.#named(String(place), () => this.#value()));
    return this.#scalar();
  }

  /** Members or items between brackets. Where some are dropped, the separators of those that stay are kept. */
  #members(closing: string, next: (place: number) => string | undefined): string {
    if (this.#path.length > DEEPEST) throw new NotJson();
    let out = this.#take(this.#text[this.#at]!);
    let space = this.#space();
    let any = false;
    for (let place = 0; this.#text[this.#at] !== closing; place++) {
      const member = next(place);
      if (member !== undefined) {
        out += (any ? "," : "") + space + member;
        any = true;
      }
      const behind = this.#space();
      if (member !== undefined) out += behind;
      if (this.#text[this.#at] !== ",") {
        space = member === undefined ? behind : "";
        break;
      }
      this.#at += 1;
      space = this.#space();
      if (this.#text[this.#at] === closing) throw new NotJson();
    }
    return out + (any ? "" : space) + this.#take(closing);
  }

  #member(): string | undefined {
    const key = this.#scalar();
    if (!key.startsWith('"')) throw new NotJson();
    const between = `${this.#space()}${this.#take(":")}${this.#space()}`;
    const value = this.#named(JSON.parse(key) as string, () => this.#value());
    return value === undefined ? undefined : key + between + value;
  }

  #named<T>(name: string, work: () => T): T {
    this.#path.push(name);
    try {
      return work();
    } finally {
      this.#path.pop();
    }
  }

  /** Where the value that begins here ends. Without recursion: a value that is dropped may be as deep as it likes. */
  #skip(): number {
    const before = this.#at;
    let depth = 0;
    do {
      this.#space();
      const sign = this.#text[this.#at];
      if (sign === "{" || sign === "[") depth += 1;
      else if (sign === "}" || sign === "]") depth -= 1;
      if (sign === undefined) throw new NotJson();
      if ("{}[],:".includes(sign)) this.#at += 1;
      else this.#scalar();
    } while (depth > 0);
    const end = this.#at;
    this.#at = before;
    return end;
  }

  #scalar(): string {
    if (this.#text[this.#at] === '"') return this.#string();
    return this.#match(WORD) ?? this.#fail();
  }

  /** By hand: on a text of many megabytes a pattern runs out of stack. */
  #string(): string {
    const start = this.#at;
    let end = start + 1;
    for (let sign = this.#text.charCodeAt(end); sign !== QUOTE; sign = this.#text.charCodeAt(end)) {
      if (Number.isNaN(sign)) this.#fail();
      end += sign === BACKSLASH ? 2 : 1;
    }
    this.#at = end + 1;
    return this.#text.slice(start, this.#at);
  }

  #space(): string {
    return this.#match(SPACE) ?? "";
  }

  #take(sign: string): string {
    if (this.#text[this.#at] !== sign) this.#fail();
    this.#at += 1;
    return sign;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(): never {
    throw new NotJson();
  }
}
