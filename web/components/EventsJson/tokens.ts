// JSON as written: tokens that are slices of the text, so that big numbers, duplicate keys, order and escapes stay.

export type TokenKind = "space" | "open" | "close" | "colon" | "comma" | "string" | "number" | "word" | "other";

/** `text.slice(start, end)`. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const signs: Readonly<Record<string, TokenKind>> = {
  "{": "open",
  "[": "open",
  "}": "close",
  "]": "close",
  ":": "colon",
  ",": "comma",
};

/** All tokens of any text, in order and without a hole: their slices, joined, are the text. What is no JSON is `other`. */
export function* tokens(text: string): Generator<Token> {
  let start = 0;
  while (start < text.length) {
    const [kind, end] = tokenAt(text, start);
    yield { kind, start, end };
    start = end;
  }
}

function tokenAt(text: string, at: number): readonly [TokenKind, number] {
  const char = text[at]!;
  const sign = signs[char];
  if (sign !== undefined) return [sign, at + 1];
  if (char === '"') return stringAt(text, at);
  if (isSpace(text.charCodeAt(at))) return ["space", spanOf(text, at, isSpace)];
  if (char === "-" || isDigit(text.charCodeAt(at))) return ["number", spanOf(text, at, isOfNumber)];
  if (isLetter(text.charCodeAt(at))) return ["word", spanOf(text, at, isLetter)];
  return ["other", at + 1];
}

// By hand rather than by a regular expression: a string can have millions of characters.
function stringAt(text: string, at: number): readonly [TokenKind, number] {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return ["string", end + 1];
  }
  return ["other", text.length]; // the quotation mark is never closed
}

function spanOf(text: string, at: number, belongs: (code: number) => boolean): number {
  let end = at + 1;
  while (end < text.length && belongs(text.charCodeAt(end))) end += 1;
  return end;
}

const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9;
const isDigit = (code: number) => code >= 48 && code <= 57;
const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isOfNumber = (code: number) =>
  isDigit(code) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;

/** Whether the text at `at` begins a JSON string. */
export const isString = (text: string, at: number) => text.charCodeAt(at) === QUOTE;
