/** A part of a text: characters as they are, or the name of something that could not be seen. */
export interface Piece {
  readonly kind: "text" | "mark";
  readonly text: string;
  /** Of a mark: the code points behind it. */
  readonly title?: string;
}

const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}\p{Cs}\uFFF9-\uFFFB]--[\t\n]]/v;
const RUN = /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}\p{Cs}\uFFF9-\uFFFB]--[\t\n]]+/gv;
const PICTURE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u;
const PICTURE_NEXT = /^\p{Extended_Pictographic}/u;
const HAS_VARIANTS = /(?:\p{Emoji}|\p{Extended_Pictographic})$/u;
// Scripts in which the joiners change the shape of letters, and belong to ordinary spelling.
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const names: Readonly<Record<number, string>> = {
  0: "NUL",
  13: "CR",
  27: "ESC",
  127: "DEL",
  173: "SHY",
  1564: "ALM",
  8203: "ZWSP",
  8204: "ZWNJ",
  8205: "ZWJ",
  8206: "LRM",
  8207: "RLM",
  8234: "LRE",
  8235: "RLE",
  8236: "PDF",
  8237: "LRO",
  8238: "RLO",
  8288: "WJ",
  8294: "LRI",
  8295: "RLI",
  8296: "FSI",
  8297: "PDI",
  65279: "BOM",
};
/** More marks in a row than this are shown as one. */
const GROUPED_FROM = 5;

/**
 * Splits a text so that control, bidirectional and zero-width characters can be shown by name.
 * `exact` names all of them; otherwise joiners inside emoji and inside scripts that spell with them stay as they are.
 */
export function pieces(text: string, exact = false): readonly Piece[] {
  if (!INVISIBLE.test(text)) return text === "" ? [] : [{ kind: "text", text }];
  const found: Piece[] = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") found.push({ kind: "text", text: plain });
    plain = "";
  };
  for (const { 0: run, index } of text.matchAll(RUN)) {
    plain += text.slice(at, index);
    at = index + run.length;
    const hidden = exact ? run : run.slice(ordinary(text, index, run));
    plain += run.slice(0, run.length - hidden.length);
    if (hidden === "") continue;
    flush();
    found.push(...marksOf(hidden));
  }
  plain += text.slice(at);
  flush();
  return found;
}

// How many of the run's first units are ordinary writing: a line end, an emoji's joiner or variant, a script's joiner.
function ordinary(text: string, index: number, run: string): number {
  const before = text.slice(Math.max(0, index - 2), index);
  const after = text.slice(index + run.length, index + run.length + 2);
  if (run === "\r" && after.startsWith("\n")) return 1;
  const variant = /^[\uFE0E\uFE0F]/.test(run) && HAS_VARIANTS.test(before) ? 1 : 0;
  const rest = run.slice(variant);
  if (rest === "\u200D" && PICTURE_NEXT.test(after) && (variant === 1 || PICTURE.test(before))) return variant + 1;
  if (/^[\u200C\u200D]$/.test(rest) && variant === 0 && JOINING.test(before.slice(-1)) && JOINING.test(after)) return 1;
  return variant;
}

function marksOf(run: string): readonly Piece[] {
  const points = [...run].map((char) => char.codePointAt(0)!);
  if (points.length < GROUPED_FROM) {
    return points.map((point) => ({ kind: "mark", text: names[point] ?? codePoint(point), title: titleOf([point]) }));
  }
  return [{ kind: "mark", text: `${points.length} hidden characters`, title: titleOf(points) }];
}

function titleOf(points: readonly number[]): string {
  const listed = points.slice(0, 24).map(codePoint).join(" ");
  // Tag characters mirror ASCII, and are used to smuggle text past readers.
  const smuggled = points
    .filter((point) => point >= 0xe0020 && point <= 0xe007e)
    .map((point) => String.fromCharCode(point - 0xe0000))
    .join("");
  const rest = points.length > 24 ? " …" : "";
  return smuggled === "" ? listed + rest : `${listed}${rest} (as ASCII: ${smuggled.slice(0, 200)})`;
}

function codePoint(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}
