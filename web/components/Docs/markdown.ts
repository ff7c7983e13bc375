// The Markdown of our own documents: headings, paragraphs, lists, tables, code, quotes, rules. Raw HTML is text.
import { type Inline, inlines, plainText } from "./inline.ts";

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly id: string; readonly children: readonly Inline[] }
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | {
      readonly kind: "list";
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: "table"; readonly align: readonly Align[]; readonly head: Cells; readonly rows: readonly Cells[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "rule" };

export type Align = "left" | "right" | "center" | undefined;
export type Cells = readonly (readonly Inline[])[];

const DEEPEST = 8;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const FENCE = /^( {0,3})(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const COMMENT = /^ {0,3}<!--/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)(.*)$/;
const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** Reads a document. It never throws: what it does not know is a paragraph. */
export function markdown(text: string): readonly Block[] {
  const ids = new Map<string, number>();
  return new Reader(text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n"), ids, 0).blocks();
}

/** The anchor of a heading: lower case, words joined by dashes, signs left out. Dashes and underscores stay. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

class Reader {
  readonly #lines: readonly string[];
  readonly #ids: Map<string, number>;
  readonly #depth: number;
  #at = 0;

  constructor(lines: readonly string[], ids: Map<string, number>, depth: number) {
    this.#lines = lines;
    this.#ids = ids;
    this.#depth = depth;
  }

  blocks(): readonly Block[] {
    const found: Block[] = [];
    while (this.#at < this.#lines.length) {
      if (this.#line().trim() === "") this.#at += 1;
      else if (this.#isComment()) this.#skipComment();
      else found.push(this.#block());
    }
    return found;
  }

  #line(offset = 0): string {
    return this.#lines[this.#at + offset] ?? "";
  }

  #block(): Block {
    const line = this.#line();
    const fence = FENCE.exec(line);
    if (fence) return this.#code(fence);
    const heading = HEADING.exec(line);
    if (heading) return this.#heading(heading);
    if (RULE.test(line)) {
      this.#at += 1;
      return { kind: "rule" };
    }
    if (this.#depth < DEEPEST && /^ {0,3}>/.test(line)) return this.#quote();
    const item = ITEM.exec(line);
    if (this.#depth < DEEPEST && item) return this.#list(item);
    if (this.#beginsTable()) return this.#table();
    return this.#paragraph();
  }

  #heading([, signs = "", text = ""]: RegExpExecArray): Block {
    this.#at += 1;
    const children = inlines(text);
    const anchor = anchorOf(plainText(children)) || "section";
    const times = this.#ids.get(anchor) ?? 0;
    this.#ids.set(anchor, times + 1);
    return { kind: "heading", level: signs.length, id: times === 0 ? anchor : `${anchor}-${times}`, children };
  }

  #code([, indent = "", fence = "", language = ""]: RegExpExecArray): Block {
    const text: string[] = [];
    for (this.#at += 1; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#line();
      const closing = line.trim();
      if (closing.length >= fence.length && closing === fence[0]!.repeat(closing.length)) break;
      text.push(line.startsWith(indent) ? line.slice(indent.length) : line.trimStart());
    }
    this.#at += 1;
    return { kind: "code", language, text: text.join("\n") };
  }

  #quote(): Block {
    const lines: string[] = [];
    while (/^ {0,3}>/.test(this.#line())) {
      lines.push(this.#line().replace(/^ {0,3}> ?/, ""));
      this.#at += 1;
    }
    return { kind: "quote", blocks: new Reader(lines, this.#ids, this.#depth + 1).blocks() };
  }

  #list([, , sign = ""]: RegExpExecArray): Block {
    const ordered = /\d/.test(sign);
    const items: (readonly Block[])[] = [];
    for (let item = ITEM.exec(this.#line()); item !== null; item = ITEM.exec(this.#line())) {
      if (RULE.test(this.#line()) || kindOf(item[2]!) !== kindOf(sign)) break;
      items.push(this.#item(item));
      while (this.#at < this.#lines.length && this.#line().trim() === "") this.#at += 1;
    }
    return { kind: "list", ordered, start: ordered ? Number.parseInt(sign, 10) : 1, items };
  }

  #item([, indent = "", sign = "", gap = "", first = ""]: RegExpExecArray): readonly Block[] {
    const width = indent.length + sign.length + Math.min(Math.max(gap.length, 1), 4);
    const lines = [first];
    for (this.#at += 1; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#line();
      const isInside = line.trim() === "" ? /^\s/.test(this.#line(1)) : line.startsWith(" ".repeat(width));
      const isLazy = line.trim() !== "" && lines.at(-1)?.trim() !== "" && !startsBlock(line) && !ITEM.test(line);
      if (!isInside && !isLazy) break;
      lines.push(isInside ? line.slice(width) : line.trimStart());
    }
    return new Reader(lines, this.#ids, this.#depth + 1).blocks();
  }

  #table(): Block {
    const head = cellsOf(this.#line());
    const align = splitRow(this.#line(1)).map(alignOf);
    const rows: Cells[] = [];
    for (this.#at += 2; this.#line().trim() !== "" && this.#line().includes("|"); this.#at += 1)
      rows.push(cellsOf(this.#line()));
    return { kind: "table", align, head, rows: rows.map((row) => head.map((_, column) => row[column] ?? [])) };
  }

  #beginsTable(): boolean {
    return this.#line().includes("|") && this.#line(1).includes("-") && DELIMITER.test(this.#line(1));
  }

  #isComment(): boolean {
    return COMMENT.test(this.#line()) && this.#lines.slice(this.#at).some((line) => line.includes("-->"));
  }

  // Marks for our own tools stand in comments; a comment that is never closed is text.
  #skipComment(): void {
    this.#at += this.#lines.slice(this.#at).findIndex((line) => line.includes("-->")) + 1;
  }

  #paragraph(): Block {
    const lines: string[] = [];
    do {
      lines.push(this.#line().trimStart());
      this.#at += 1;
    } while (this.#line().trim() !== "" && !startsBlock(this.#line()) && !this.#beginsTable());
    return { kind: "paragraph", children: inlines(lines.join("\n").trimEnd()) };
  }
}

const kindOf = (sign: string) => (/\d/.test(sign) ? sign.at(-1) : sign);

function startsBlock(line: string): boolean {
  return [HEADING, FENCE, RULE, COMMENT, /^ {0,3}>/, /^ {0,3}(?:[-*+]|1[.)])\s+\S/].some((sign) => sign.test(line));
}

// A pipe inside code, or behind a backslash, parts no cells.
function splitRow(line: string): readonly string[] {
  const cells: string[] = [];
  let cell = "";
  let inCode = false;
  const row = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  for (let at = 0; at < row.length; at += 1) {
    const char = row[at]!;
    if (char === "\\" && row[at + 1] === "|") {
      cell += "|";
      at += 1;
    } else if (char === "|" && !inCode) {
      cells.push(cell.trim());
      cell = "";
    } else {
      if (char === "`") inCode = !inCode;
      cell += char;
    }
  }
  return [...cells, cell.trim()];
}

const cellsOf = (line: string): Cells => splitRow(line).map((cell) => inlines(cell));

function alignOf(cell: string): Align {
  if (cell.endsWith(":")) return cell.startsWith(":") ? "center" : "right";
  return cell.startsWith(":") ? "left" : undefined;
}
