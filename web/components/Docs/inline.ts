// Markdown within a line. HTML is not known to it: angle brackets are text like any other.

export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong" | "em"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: "image"; readonly src: string; readonly alt: string }
  | { readonly kind: "break" };

const DEEPEST = 8;

interface Rule {
  readonly pattern: RegExp;
  readonly make: (match: RegExpExecArray, depth: number) => Inline;
}

const nested = (text: string, depth: number) => inlines(text, depth + 1);
const target = String.raw`\(<?((?:[^\s()<>]|\([^\s()]*\))*)>?(?:\s+"[^"]*")?\)`;

// Tried in this order at every place where one of the signs stands. Each is sticky.
const rules: readonly Rule[] = [
  { pattern: /\\([!-/:-@[-`{-~])/y, make: ([, text = ""]) => ({ kind: "text", text }) },
  {
    pattern: /(`+)(?!`)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y,
    make: ([, , text = ""]) => ({ kind: "code", text: codeText(text) }),
  },
  {
    pattern: new RegExp(String.raw`!\[([^\]]*)\]${target}`, "y"),
    make: ([, alt = "", src = ""]) => ({ kind: "image", alt, src }),
  },
  {
    pattern: new RegExp(String.raw`\[((?:[^[\]]|\[[^\]]*\])*)\]${target}`, "y"),
    make: ([, text = "", href = ""], depth) => ({ kind: "link", href, children: nested(text, depth) }),
  },
  {
    pattern: /<(https?:\/\/[^\s<>]+)>/y,
    make: ([, href = ""]) => ({ kind: "link", href, children: [{ kind: "text", text: href }] }),
  },
  {
    pattern: /\*\*(?=\S)((?:[^*]|\*(?!\*))+?)(?<=\S)\*\*/y,
    make: ([, text = ""], depth) => ({ kind: "strong", children: nested(text, depth) }),
  },
  {
    pattern: /\*(?=[^\s*])([^*]+?)(?<=\S)\*/y,
    make: ([, text = ""], depth) => ({ kind: "em", children: nested(text, depth) }),
  },
  {
    pattern: /(?<![\p{L}\p{N}])_(?=[^\s_])([^_]+?)(?<=\S)_(?![\p{L}\p{N}])/uy,
    make: ([, text = ""], depth) => ({ kind: "em", children: nested(text, depth) }),
  },
  { pattern: / {2,}\n|\\\n/y, make: () => ({ kind: "break" }) },
];

/** The parts of a run of text. Every character that is no sign of markup comes out as text. */
export function inlines(text: string, depth = 0): readonly Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") found.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const hit = depth < DEEPEST && /[\\`![<*_ ]/.test(text[at]!) ? match(text, at) : undefined;
    if (hit === undefined) {
      plain += text[at++];
      continue;
    }
    const made = hit.rule.make(hit.found, depth);
    if (made.kind === "text") plain += made.text;
    else {
      flush();
      found.push(made);
    }
    at += hit.found[0].length;
  }
  flush();
  return found;
}

function match(text: string, at: number): { readonly rule: Rule; readonly found: RegExpExecArray } | undefined {
  for (const rule of rules) {
    rule.pattern.lastIndex = at;
    const found = rule.pattern.exec(text);
    if (found !== null) return { rule, found };
  }
  return undefined;
}

function codeText(text: string): string {
  const line = text.replaceAll("\n", " ");
  return line.startsWith(" ") && line.endsWith(" ") && line.trim() !== "" ? line.slice(1, -1) : line;
}

/** The words alone, for anchors and tables of contents. */
export function plainText(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if ("children" in part) return plainText(part.children);
      if (part.kind === "image") return part.alt;
      return part.kind === "break" ? " " : part.text;
    })
    .join("");
}
