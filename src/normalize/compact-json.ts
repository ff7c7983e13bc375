const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The text of a JSON value without the white space between its tokens. Everything else stays as it is written: the order of keys,
 * repeated ones, the spelling of numbers, escapes.
 */
export function compactJson(text: string): string {
  let out = "";
  let kept = 0;
  let at = 0;
  while (at < text.length) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = afterString(text, at);
    else if (isSpace(sign)) {
      out += text.slice(kept, at);
      while (isSpace(text.charCodeAt(at))) at += 1;
      kept = at;
    } else at += 1;
  }
  return out + text.slice(kept);
}

function afterString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at += 1;
    else if (sign === QUOTE) return at + 1;
  }
  return text.length;
}

const isSpace = (sign: number) => sign === 0x20 || sign === 0x0a || sign === 0x0d || sign === 0x09;
