// Looks at JSON as text, so that a test can compare what arrived byte for byte with what was sent.

/** The JSON texts that stand one behind the other, with or without space between them. `whole` is false where the last is broken. */
export function concatenatedTexts(text: string): { readonly texts: readonly string[]; readonly whole: boolean } {
  const texts: string[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const end = endOfValue(text, at);
    const value = text.slice(at, end);
    if (end === at || !isJson(value)) return { texts, whole: false };
    texts.push(value);
    at = skipSpace(text, end);
  }
  return { texts, whole: true };
}

/** The members of one object, each with its value as it is written; of a repeated name, the last. */
export function memberTexts(object: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let at = skipSpace(object, object.indexOf("{") + 1);
  while (at < object.length && object[at] !== "}") {
    const nameEnd = endOfValue(object, at);
    const start = skipSpace(object, object.indexOf(":", nameEnd) + 1);
    const end = endOfValue(object, start);
    members.set(JSON.parse(object.slice(at, nameEnd)), object.slice(start, end));
    at = skipSpace(object, end);
    if (object[at] === ",") at = skipSpace(object, at + 1);
  }
  return members;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at]!)) at++;
  return at;
}

/** Just behind the value that begins there; the end of the text where it does not end. */
function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from);
  if (text[from] !== "{" && text[from] !== "[") {
    const rest = /[^\s,:\]}[{"]*/y;
    rest.lastIndex = from;
    return from + (rest.exec(text)?.[0].length ?? 0);
  }
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** A name that stands twice in one object, anywhere in it; undefined where there is none. */
export function repeatedName(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let lastString: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      lastString = text.slice(at, end);
      at = end - 1;
    } else if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character === "}" || character === "]") open.pop();
    else if (character === ":") {
      const name: string = JSON.parse(lastString ?? '""');
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
