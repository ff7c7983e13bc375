// From an understood query to an FTS5 expression. People's text stands only inside quoted strings.
import { idFields, searchFields } from "./fields.ts";
import type { QueryNode, Term } from "./query.ts";
import { everyToken, exactToken, indexable, sourceToken } from "./tokens.ts";

/** The MATCH expression of a query over the given data sources (numbers of the index; undefined: all of them). */
export function matchExpression(node: QueryNode, sources: readonly number[] | undefined): string {
  const expression = render(node);
  if (sources === undefined) return expression;
  const allowed = `(${sources.map((source) => quoted(sourceToken(source))).join(" OR ")})`;
  return node.kind === "all" ? allowed : `(${expression}) AND ${allowed}`;
}

function render(node: QueryNode): string {
  switch (node.kind) {
    case "all":
      return quoted(everyToken);
    case "term":
      return renderTerm(node);
    case "not":
      return `(${quoted(everyToken)} NOT ${render(node.node)})`;
    case "or":
      return `(${node.nodes.map(render).join(" OR ")})`;
    case "and":
      return renderAll(node.nodes);
  }
}

function renderAll(nodes: readonly QueryNode[]): string {
  const wanted = nodes.filter(({ kind }) => kind !== "not").map(render);
  const unwanted = nodes.flatMap((node) => (node.kind === "not" ? [render(node.node)] : []));
  const left = wanted.length === 0 ? quoted(everyToken) : `(${wanted.join(" AND ")})`;
  return unwanted.length === 0 ? left : `(${left} NOT (${unwanted.join(" OR ")}))`;
}

function renderTerm({ text, prefix, field }: Term): string {
  const star = prefix ? " *" : "";
  const words = quoted(indexable(text)) + star;
  const exact = (name: string) => quoted(exactToken(name, text)) + star;
  if (field === undefined) {
    return looksLikeId(text) ? `(${[words, ...idFields.map(exact)].join(" OR ")})` : words;
  }
  const { kind } = searchFields[field]!;
  if (kind === "exact" || (field === "user" && text.includes("@"))) return exact(field);
  if (kind === "words") return `{${field}} : ${words}`;
  return `({${field}} : ${words} OR ${exact(field)})`;
}

// Ids are indexed whole: a pasted one is looked up as an id, too.
function looksLikeId(text: string): boolean {
  return text.length >= 7 && /^[\w.:@-]+$/.test(text) && /\d/.test(text);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', " ")}"`;
}
