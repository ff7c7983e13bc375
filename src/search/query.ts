// The query language (docs/search.md): words, "phrases", prefix*, -not, OR, parentheses, field:value.
import { CollectorError } from "../model/errors.ts";
import { searchFields } from "./fields.ts";
import { tokensOf } from "./tokens.ts";

/** One word or phrase, in one field or anywhere. */
export interface Term {
  readonly kind: "term";
  readonly text: string;
  /** The last word is the beginning of a word. */
  readonly prefix: boolean;
  readonly field: string | undefined;
}

export type QueryNode =
  | Term
  | { readonly kind: "all" }
  | { readonly kind: "not"; readonly node: QueryNode }
  | { readonly kind: "and" | "or"; readonly nodes: readonly QueryNode[] };

interface Lexeme {
  readonly kind: "open" | "close" | "minus" | "and" | "or" | "word" | "phrase" | "field";
  readonly text: string;
  /** 1-based character, for messages. */
  readonly at: number;
}

const maxLength = 1_000;
const maxTerms = 64;
const maxNesting = 12;
const keywords: Readonly<Record<string, Lexeme["kind"]>> = { AND: "and", OR: "or", NOT: "minus" };

/** Understands a query. Blank text is everything. Throws CollectorError `rejected` with the place and the remedy. */
export function parseQuery(text: string): QueryNode {
  if (text.length > maxLength) {
    throw refused(`The query has ${text.length} characters, ${maxLength} are allowed`, "Search for fewer words");
  }
  if (text.trim() === "") return { kind: "all" };
  const lexemes = lex(text);
  const parser = new Parser(lexemes);
  const node = parser.query();
  if (node === undefined) {
    throw refused("The query has no word to search for", "Add a word: signs alone are not indexed");
  }
  return node;
}

const whitespace = /\s/u;
const quotes = /["“”„]/u;

function lex(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    const next = text[at + 1] ?? " ";
    if (whitespace.test(char)) at += 1;
    else if (char === "(" || char === ")") {
      lexemes.push({ kind: char === "(" ? "open" : "close", text: char, at: at + 1 });
      at += 1;
    } else if (char === "-" && !whitespace.test(next) && next !== "-" && next !== ")") {
      lexemes.push({ kind: "minus", text: char, at: at + 1 });
      at += 1;
    } else if (quotes.test(char)) at = lexPhrase(text, at, lexemes);
    else at = lexWord(text, at, lexemes);
  }
  return lexemes;
}

function lexPhrase(text: string, at: number, lexemes: Lexeme[]): number {
  let end = at + 1;
  while (end < text.length && !quotes.test(text[end]!)) end += 1;
  if (end >= text.length) {
    throw refused(`The quotation mark at character ${at + 1} is not closed`, "Close it, or take it away");
  }
  lexemes.push({ kind: "phrase", text: text.slice(at + 1, end), at: at + 1 });
  return end + 1;
}

function lexWord(text: string, at: number, lexemes: Lexeme[]): number {
  const field = /^([A-Za-z_]{1,40}):(?!\/\/)/.exec(text.slice(at, at + 44))?.[1];
  if (field !== undefined) {
    lexemes.push({ kind: "field", text: knownField(field, at + 1), at: at + 1 });
    return at + field.length + 1;
  }
  let end = at;
  while (end < text.length && !/[\s()"“”„]/u.test(text[end]!)) end += 1;
  const word = text.slice(at, end);
  lexemes.push({ kind: keywords[word] ?? "word", text: word, at: at + 1 });
  return end;
}

function knownField(name: string, at: number): string {
  const lower = name.toLowerCase();
  if (Object.hasOwn(searchFields, lower)) return lower;
  throw refused(
    `There is no field ${name} (character ${at})`,
    `Use one of ${Object.keys(searchFields).join(", ")}, or put the words in quotation marks to search for them as text`,
  );
}

class Parser {
  readonly #lexemes: readonly Lexeme[];
  #next = 0;
  #terms = 0;
  #depth = 0;

  constructor(lexemes: readonly Lexeme[]) {
    this.#lexemes = lexemes;
  }

  query(): QueryNode | undefined {
    const node = this.#alternatives();
    const rest = this.#peek();
    if (rest === undefined) return node;
    throw refused(
      `The closing parenthesis at character ${rest.at} was never opened`,
      "Take it away, or open it before",
    );
  }

  #alternatives(): QueryNode | undefined {
    const nodes = [this.#conjunction()];
    for (let or = this.#take("or"); or !== undefined; or = this.#take("or")) {
      if (!this.#begins()) throw refused(`Nothing follows OR at character ${or.at}`, "Add a word after it");
      nodes.push(this.#conjunction());
    }
    return joined("or", nodes);
  }

  #conjunction(): QueryNode | undefined {
    const first = this.#peek();
    if (first?.kind === "or" || first?.kind === "and") {
      throw refused(`Nothing stands before ${first.text} at character ${first.at}`, "Add a word before it");
    }
    const nodes: (QueryNode | undefined)[] = [];
    while (this.#begins()) {
      nodes.push(this.#unary());
      const and = this.#take("and");
      if (and !== undefined && !this.#begins()) {
        throw refused(`Nothing follows AND at character ${and.at}`, "Add a word after it");
      }
    }
    return joined("and", nodes);
  }

  #unary(): QueryNode | undefined {
    let negated = false;
    let minus = this.#take("minus");
    const place = minus;
    for (; minus !== undefined; minus = this.#take("minus")) negated = !negated;
    if (place !== undefined && !this.#begins()) {
      throw refused(`Nothing follows ${place.text} at character ${place.at}`, "Add the word that must not be there");
    }
    const node = this.#primary();
    return node === undefined || !negated ? node : { kind: "not", node };
  }

  #primary(): QueryNode | undefined {
    const lexeme = this.#lexemes[this.#next++]!;
    if (lexeme.kind === "open") return this.#group(lexeme);
    if (lexeme.kind !== "field") return this.#term(lexeme, undefined);
    const value = this.#take("word") ?? this.#take("phrase");
    if (value === undefined) {
      throw refused(
        `No value follows ${lexeme.text}: at character ${lexeme.at}`,
        "Write the value directly after the colon",
      );
    }
    const term = this.#term(value, lexeme.text);
    if (term?.kind === "term") return term;
    throw refused(
      `The value of ${lexeme.text}: at character ${lexeme.at} has no letter or digit`,
      "Give a whole value",
    );
  }

  #group(open: Lexeme): QueryNode | undefined {
    this.#depth += 1;
    if (this.#depth > maxNesting) {
      throw refused(
        `Parentheses are nested more than ${maxNesting} deep at character ${open.at}`,
        "Write the query flatter",
      );
    }
    const node = this.#alternatives();
    if (this.#take("close") === undefined) {
      throw refused(`The parenthesis at character ${open.at} is not closed`, "Close it, or take it away");
    }
    this.#depth -= 1;
    return node;
  }

  #term({ kind, text, at }: Lexeme, field: string | undefined): QueryNode | undefined {
    if (kind === "word" && text === "*" && field === undefined) return { kind: "all" };
    const prefix = kind === "word" && text.endsWith("*");
    const word = prefix ? text.slice(0, -1) : text;
    const tokens = tokensOf(word);
    if (tokens.length === 0) return undefined;
    if (prefix && field === undefined && tokens.length === 1 && /^\p{ASCII}{1,2}$/u.test(tokens[0]!.folded)) {
      throw refused(
        `${text} at character ${at} is too short to be the beginning of a word`,
        "Give at least three characters before *",
      );
    }
    this.#terms += 1;
    if (this.#terms > maxTerms) throw refused(`The query has more than ${maxTerms} words`, "Search for fewer words");
    return { kind: "term", text: word, prefix, field };
  }

  #begins(): boolean {
    const kind = this.#peek()?.kind;
    return kind !== undefined && kind !== "close" && kind !== "or" && kind !== "and";
  }

  #peek(): Lexeme | undefined {
    return this.#lexemes[this.#next];
  }

  #take(kind: Lexeme["kind"]): Lexeme | undefined {
    const lexeme = this.#peek();
    if (lexeme?.kind !== kind) return undefined;
    this.#next += 1;
    return lexeme;
  }
}

function joined(kind: "and" | "or", nodes: readonly (QueryNode | undefined)[]): QueryNode | undefined {
  const present = nodes.filter((node) => node !== undefined);
  return present.length < 2 ? present[0] : { kind, nodes: present };
}

function refused(message: string, action: string): CollectorError {
  return new CollectorError("rejected", message, { reason: "query_invalid", action });
}
