// From an understood query to an FTS5 expression. People's text stands only inside quoted strings.
import type { SourceRow } from "./database.ts";
import { idFields, searchFields } from "./fields.ts";
import type { QueryNode, Term } from "./query.ts";
import { exactToken, indexable, sourceToken } from "./tokens.ts";

/** Where the index's documents come from, and which of it may be searched. */
export interface Sources {
  readonly known: readonly SourceRow[];
  /** Undefined: all. Never empty. */
  readonly allowed: readonly SourceRow[] | undefined;
}

/** The words of the index that begin with a token; undefined where they cannot be told, or are too many. */
export type Beginning = (token: string) => readonly string[] | undefined;

interface Context extends Sources {
  readonly beginning: Beginning;
}

const untold: Beginning = () => undefined;

/** The MATCH expression of a query over the given sources. */
export function matchExpression(node: QueryNode, sources: Sources, beginning: Beginning = untold): string {
  const expression = render(node, { ...sources, beginning });
  if (sources.allowed === undefined || node.kind === "all") return expression;
  return `(${expression}) AND ${anyOf(sources.allowed)}`;
}

function render(node: QueryNode, sources: Context): string {
  switch (node.kind) {
    case "all":
      return anyOf(sources.allowed ?? sources.known);
    case "term":
      return renderTerm(node, sources);
    case "not":
      return renderAll([node], sources);
    case "or":
      return `(${node.nodes.map((one) => render(one, sources)).join(" OR ")})`;
    case "and":
      return renderAll(node.nodes, sources);
  }
}

// NOT needs a left side. Where a query only excludes, that is every document that may be searched.
function renderAll(nodes: readonly QueryNode[], sources: Context): string {
  const wanted = nodes.filter(({ kind }) => kind !== "not").map((node) => render(node, sources));
  const unwanted = nodes.flatMap((node) => (node.kind === "not" ? [render(node.node, sources)] : []));
  const left = wanted.length === 0 ? render({ kind: "all" }, sources) : `(${wanted.join(" AND ")})`;
  return unwanted.length === 0 ? left : `(${left} NOT (${unwanted.join(" OR ")}))`;
}

const nowhere = quoted("\x01nowhere");

function anyOf(rows: readonly SourceRow[]): string {
  return rows.length === 0 ? nowhere : `(${rows.map(({ id }) => quoted(sourceToken(id))).join(" OR ")})`;
}

// A source's name, collector and site are told by its number: documents bear no token for them.
const sourceFields: Readonly<Record<string, (row: SourceRow) => readonly string[]>> = {
  source: ({ dataSource }) => [dataSource],
  collector: ({ collectorId }) => [collectorId],
  site: ({ siteName, siteId }) => [siteName, siteId],
};

function sourcesNamed(
  valuesOf: (row: SourceRow) => readonly string[],
  { text, prefix }: Term,
  known: Sources["known"],
) {
  const wanted = text.toLowerCase();
  const fits = (value: string) => (prefix ? value.toLowerCase().startsWith(wanted) : value.toLowerCase() === wanted);
  return anyOf(known.filter((row) => valuesOf(row).some(fits)));
}

function renderTerm(term: Term, { known, beginning }: Context): string {
  const { text, prefix, field } = term;
  const ofSource = field === undefined ? undefined : sourceFields[field];
  if (ofSource !== undefined) return sourcesNamed(ofSource, term, known);
  const found = (tokens: string) => (prefix ? begun(tokens, beginning) : quoted(tokens));
  const words = found(indexable(text));
  const exact = (name: string) => found(exactToken(name, text));
  if (field === undefined) {
    return looksLikeId(text) ? `(${[words, ...idFields.map(exact)].join(" OR ")})` : words;
  }
  const { kind } = searchFields[field]!;
  if (kind === "exact" || (field === "user" && text.includes("@"))) return exact(field);
  if (kind === "words") return `{${field}} : ${words}`;
  return `({${field}} : ${words} OR ${exact(field)})`;
}

function begun(tokens: string, beginning: Beginning): string {
  const words = beginning(tokens);
  if (words === undefined) return `${quoted(tokens)} *`;
  return words.length === 0 ? nowhere : `(${words.map(quoted).join(" OR ")})`;
}

// Ids are indexed whole: a pasted one is looked up as an id, too.
function looksLikeId(text: string): boolean {
  return text.length >= 7 && /^[\w.:@-]+$/.test(text) && /\d/.test(text);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', " ")}"`;
}
