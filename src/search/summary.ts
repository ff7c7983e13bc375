// One line about an event for a table, and pieces of it that show why a search found it. Plain text only, never markup.

import { type WordColumn, wordColumns } from "./fields.ts";
import { parseQuery, type QueryNode, type Term } from "./query.ts";
import { clean, parsed, searchText } from "./text.ts";
import { type Token, tokensOf } from "./tokens.ts";

export interface Summary {
  /** At most 300 characters, one line. */
  readonly summary: string;
  /** The e-mail address of the person, else an id. */
  readonly user?: string;
  /** The conversation's id. */
  readonly conversation?: string;
}

const longestSummary = 300;

/** What an event says in one line, who did it, and in which conversation. */
export function summaryOf(raw: Uint8Array, type: string): Summary {
  const value = parsed(raw);
  const user = firstAt(value, [
    ["actor", "user_email"],
    ["actor", "user_id"],
    ["actor", "redacted_id"],
    ["actor", "name"],
    ["actor", "id"],
    ["payload", "identity", "email"],
    ["payload", "identity", "user_id"],
  ]);
  const conversation = firstAt(value, [["conversation", "id"], ["conversation_id"]]);
  return {
    summary: oneLine(leadOf(value, type) ?? [doneBy(value), allText(raw, type)].filter(Boolean).join(" · ")),
    ...(user === undefined ? {} : { user }),
    ...(conversation === undefined ? {} : { conversation }),
  };
}

// What people wrote comes before everything else.
function leadOf(value: unknown, type: string): string | undefined {
  if (type !== "CONVERSATION_MESSAGE") return undefined;
  return firstAt(value, [
    ["message", "content", "value"],
    ["message", "content", "quote"],
    ["message", "files", "0", "name"],
    ["conversation", "title"],
  ]);
}

function doneBy(value: unknown): string {
  const action = firstAt(value, [["action"], ["action_data", "action"], ["event_type"], ["log_type"]]);
  const result = firstAt(value, [["action_result"]]);
  const app = firstAt(value, [["app_name"]]);
  const ip = firstAt(value, [["request_metadata", "client_ip"]]);
  return [action, result, app, ip].filter((part) => part !== undefined).join(" · ");
}

function allText(raw: Uint8Array, type: string): string {
  const { text, title, file } = searchText(raw, type).words;
  return [text, title, file].filter(Boolean).join(" · ");
}

function firstAt(value: unknown, paths: readonly (readonly string[])[]): string | undefined {
  for (const path of paths) {
    const found = path.reduce<unknown>((at, name) => ownValue(at, name), value);
    if (typeof found === "string" && found.trim() !== "") return clean(found);
  }
  return undefined;
}

function ownValue(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return (holder as Record<string, unknown>)[name];
}

function oneLine(text: string): string {
  const line = text
    .slice(0, longestSummary * 4)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length <= longestSummary
    ? line.toWellFormed()
    : `${line.slice(0, longestSummary - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

export interface Excerpt {
  /** The part of the event that it is from. */
  readonly column: WordColumn;
  readonly text: string;
  /** Places in `text` that the query asked for: code units, end exclusive, ascending, apart from one another. */
  readonly matches: readonly (readonly [start: number, end: number])[];
  /** Whether text was left out before and after. */
  readonly cut: { readonly before: boolean; readonly after: boolean };
}

const searchedLength = 200_000;
const around = 100;
const longestExcerpt = 400;
const mostExcerpts = 3;

/** Up to three pieces of an event's text around what a query asks for; none where only fields or exclusions matched. Throws as `parseQuery`. */
export function excerpt(raw: Uint8Array, type: string, query: string): readonly Excerpt[] {
  const terms = wantedTerms(parseQuery(query)).map((term) => ({ ...term, tokens: tokensOf(term.text) }));
  const { words } = searchText(raw, type);
  const excerpts: Excerpt[] = [];
  for (const column of wordColumns) {
    const asked = terms.filter(({ field }) => field === undefined || field === column);
    if (asked.length === 0) continue;
    const text = words[column].slice(0, searchedLength);
    excerpts.push(...pieces(column, text, matchesIn(text, asked)));
    if (excerpts.length >= mostExcerpts) break;
  }
  return excerpts.slice(0, mostExcerpts);
}

function wantedTerms(node: QueryNode): readonly Term[] {
  if (node.kind === "term") return [node];
  return node.kind === "and" || node.kind === "or" ? node.nodes.flatMap(wantedTerms) : [];
}

type Range = readonly [start: number, end: number];

function matchesIn(text: string, terms: readonly (Term & { readonly tokens: readonly Token[] })[]): readonly Range[] {
  const tokens = tokensOf(text);
  const ranges: Range[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    for (const { tokens: wanted, prefix } of terms) {
      if (!standsAt(tokens, at, wanted, prefix)) continue;
      ranges.push([tokens[at]!.start, tokens[at + wanted.length - 1]!.end]);
    }
  }
  return merged(ranges);
}

function standsAt(tokens: readonly Token[], at: number, wanted: readonly Token[], prefix: boolean): boolean {
  return wanted.every(({ folded }, i) => {
    const token = tokens[at + i]?.folded;
    return prefix && i === wanted.length - 1 ? token?.startsWith(folded) === true : token === folded;
  });
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const apart: [number, number][] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}

function pieces(column: WordColumn, text: string, ranges: readonly Range[]): readonly Excerpt[] {
  const found: Excerpt[] = [];
  let next = 0;
  while (next < ranges.length && found.length < mostExcerpts) {
    const start = edge(text, Math.max(0, ranges[next]![0] - around));
    const own: Range[] = [];
    while (next < ranges.length && (own.length === 0 || ranges[next]![1] + around <= start + longestExcerpt)) {
      own.push(ranges[next]!);
      next += 1;
    }
    const end = edge(text, Math.min(text.length, own.at(-1)![1] + around));
    found.push({
      column,
      text: text.slice(start, end),
      matches: own.map(([from, to]) => [from - start, to - start]),
      cut: { before: start > 0, after: end < text.length },
    });
  }
  return found;
}

// Never between the halves of a surrogate pair.
function edge(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
