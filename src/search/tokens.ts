// What the tokenizer sees. SQLite's unicode61 folds case and diacritics, but it knows no words in scripts without spaces:
// their characters are set apart here, in what is indexed and in what is asked, so that such a word becomes a phrase.

/** The tokenizer of the full-text table. Control characters 1 to 17 take part in tokens; `indexable` keeps them out of people's text. */
export const tokenizer =
  "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc' " +
  "tokenchars '\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10\x11'";

const special = /[[\p{Cc}--[\t\n\r]]\u{300}-\u{1fff}\u{2070}-\u{10ffff}]/v;
const controls = /[\p{Cc}\ufffe\uffff]/gu;
const compatible = /[\u0300-\u036f\u3099\u309a\uff00-\uffef\ufb00-\ufb06]/;
const points =
  /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
const apart =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3006\u30fc]\p{M}*/gu;
const picture = /[\p{Extended_Pictographic}&&[\u{2190}-\u{1ffff}]]/gv;

/** Text as it goes into the index, and into a query: well formed, unspaced scripts set apart, emoji as tokens. */
export function indexable(text: string): string {
  if (!special.test(text)) return text;
  const whole = text.toWellFormed().replace(controls, " ");
  const plain = compatible.test(whole) ? whole.normalize("NFKC") : whole;
  return plain
    .replace(points, "")
    .replace(apart, " $& ")
    .replace(picture, (emoji) => ` \x01\x02${emoji.codePointAt(0)!.toString(16)} `);
}

const punctuation = new Map([
  ["-", "\x04"],
  [".", "\x05"],
  ["@", "\x06"],
  ["_", "\x07"],
  [":", "\x0e"],
  ["/", "\x0f"],
  ["+", "\x10"],
  [" ", "\x11"],
]);
const ascii = /^[\0-\x7f]*$/;
const plain = /^[A-Za-z0-9-]*$/;
const longestValue = 200;

/** One token for a whole field value, so that an address or an id matches as a whole, whatever its case. */
export function exactToken(field: string, value: string): string {
  return `\x01${field}\x02${inToken(value.length > longestValue ? value.slice(0, longestValue) : value)}`;
}

// Most values are ids: letters and digits with at most a hyphen need no look at each sign.
function inToken(value: string): string {
  if (plain.test(value)) return value.includes("-") ? value.replaceAll("-", "\x04") : value;
  if (ascii.test(value)) return value.replace(/[^A-Za-z0-9]/g, insideToken);
  return value
    .toWellFormed()
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}\p{M}]/gu, insideToken);
}

function insideToken(sign: string): string {
  return punctuation.get(sign) ?? "\x03";
}

/** The token of the documents of one source, by its number in the index. Every document has one. */
export const sourceToken = (source: number): string => `\x01source\x03${source}`;

/** A token with its place in the text: code units, end exclusive. `folded` compares as the index compares. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly folded: string;
}

const piece = new RegExp(`${apart.source}|(?:(?!${apart.source})[\\p{L}\\p{N}\\p{M}\\p{Co}])+`, "gu");
const anyPicture = new RegExp(picture.source, "v");

/** The tokens of a text, close to what the index does with it; for excerpts and for seeing that a word says nothing. */
export function tokensOf(text: string): readonly Token[] {
  const whole = text.toWellFormed();
  const tokens = Array.from(whole.matchAll(piece), (match) => token(match.index, match[0]));
  if (!anyPicture.test(whole)) return tokens.filter(({ folded }) => folded !== "");
  const pictures = Array.from(whole.matchAll(picture), (match) => token(match.index, match[0]));
  return [...tokens, ...pictures].filter(({ folded }) => folded !== "").sort((a, b) => a.start - b.start);
}

function token(start: number, text: string): Token {
  return { start, end: start + text.length, folded: fold(text) };
}

function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(points, "")
    .normalize("NFC")
    .toLowerCase();
}
