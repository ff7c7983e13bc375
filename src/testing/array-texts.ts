/** The elements of a JSON array, each as it is written. Undefined where the text is no JSON array. */
export function elementTexts(text: string): readonly string[] | undefined {
  if (!isArray(text)) return undefined;
  const inner = text.trim().slice(1, -1);
  const elements: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at++) {
    const character = inner[at]!;
    if (character === '"') at = endOfString(inner, at);
    else if ("[{".includes(character)) depth++;
    else if ("]}".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      elements.push(inner.slice(from, at).trim());
      from = at + 1;
    }
  }
  return inner.trim() === "" ? [] : [...elements, inner.slice(from).trim()];
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Where the quotation mark stands that ends the string. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
