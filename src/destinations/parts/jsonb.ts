// What PostgreSQL's json and jsonb can hold. Both are stricter than JSON: no U+0000, no half surrogate pairs, numbers and nesting within
// bounds. One such row in a table of json would fail every query that looks inside.

/** Far below what the server's stack carries (about 6,000 by default), far above what events have. */
const DEEPEST = 512;
/** The server holds 131,072 digits before the point and 16,383 after it. */
const LONGEST_NUMBER = 1_000;
const LARGEST_EXPONENT = 999;

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]|-?\d[\d.eE+-]*/g;

/** Whether the text is JSON that a json or jsonb column takes and can be asked about. In doubt false. */
export function fitsJsonb(text: string): boolean {
  if (!isJson(text)) return false;
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (!(token.startsWith('"') ? stringFits(token) : numberFits(token))) return false;
    if (depth > DEEPEST) return false;
  }
  return true;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stringFits(token: string): boolean {
  if (!token.includes("\\u")) return true;
  const value = JSON.parse(token) as string;
  return !value.includes("\0") && value.isWellFormed();
}

function numberFits(token: string): boolean {
  const exponent = /[eE]([+-]?\d+)$/.exec(token)?.[1] ?? "0";
  return token.length <= LONGEST_NUMBER && Math.abs(Number(exponent)) <= LARGEST_EXPONENT;
}
