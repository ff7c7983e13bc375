import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { Problem } from "./problems.ts";

/** Keys and indexes from the top of the file. */
export type Path = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML file, read, with the place of everything in it. */
export interface YamlSource {
  readonly file: string;
  /** Undefined where the file holds no document. */
  readonly value: unknown;
  /** Where the value at this path begins, or the nearest thing above it that is there. */
  placeOf(path: Path): Place;
  /** Where the key at the end of the path stands. */
  placeOfKey(path: Path): Place;
  problem(place: Place, message: string, remedy?: string): Problem;
}

/** Reads YAML 1.2. What is not YAML, or means two things at once, is told to `report`. */
export function readYaml(file: string, text: string, report: (problem: Problem) => void): YamlSource | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: "error",
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (place: Place, message: string, remedy?: string): Problem => ({ file, ...place, message, remedy });
  const all = [...document.errors, ...document.warnings];
  // Once one thing is no YAML, what is told of the rest is its consequence.
  const syntax = all.filter(({ code }) => !meansTwoThings.includes(code));
  const faults = [...syntax.slice(0, 1), ...all.filter(({ code }) => meansTwoThings.includes(code))];
  for (const fault of faults) report(problem(at(fault.pos[0]), spoken(fault), remedyFor(fault.code)));
  if (faults.length > 0) return undefined;
  const misused = misusedAliases(document);
  for (const { offset, message } of misused) report(problem(at(offset), message, "Write the value out"));
  if (misused.length > 0) return undefined;
  const plain = plainValue(document);
  if (!plain) {
    report(problem(at(0), "the aliases (*name) of this file stand for too much", "Write the values out"));
    return undefined;
  }
  return {
    file,
    value: plain.value,
    placeOf: (path) => at(nodeAt(document, path)?.range?.[0] ?? 0),
    placeOfKey: (path) => at(keyAt(document, path) ?? nodeAt(document, path.slice(0, -1))?.range?.[0] ?? 0),
    problem,
  };
}

/** Aliases of an anchor that is not there, and of one that they stand inside. */
function misusedAliases(document: Document.Parsed): readonly { readonly offset: number; readonly message: string }[] {
  const found: { offset: number; message: string }[] = [];
  visit(document, {
    Alias(_, alias, ancestors) {
      const source = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (!source)
        found.push({ offset, message: `'*${alias.source}' stands for nothing: no '&${alias.source}' before it` });
      else if (ancestors.includes(source))
        found.push({ offset, message: `'*${alias.source}' stands inside what it stands for` });
    },
  });
  return found;
}

/** The document as plain values; undefined where its aliases would make far more of it than stands there. */
function plainValue(document: Document.Parsed): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** The node at the path, or the last one on the way that exists. */
function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  let node: Node | null = document.contents;
  for (const step of path) {
    const inner: Node | undefined = child(document, node, step);
    if (!inner) break;
    node = inner;
  }
  return node ?? undefined;
}

function child(document: Document.Parsed, parent: Node | null, step: string | number): Node | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  const inner = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
  return isNode(inner) ? inner : undefined;
}

function keyAt(document: Document.Parsed, path: Path): number | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

const meansTwoThings: readonly string[] = ["DUPLICATE_KEY", "MULTIPLE_DOCS"];

const spoken = ({ code, message }: { readonly code: string; readonly message: string }) => {
  if (code === "DUPLICATE_KEY") return "this key stands here twice";
  if (code === "MULTIPLE_DOCS") return "a second document begins here, and only one is read";
  if (/call stack/.test(message)) return "lists or keys stand in each other too deeply";
  return `this is not YAML: ${message.replace(/\s+/g, " ").replace(/\.$/, "")}`;
};

const remedyFor = (code: string): string => {
  if (code === "DUPLICATE_KEY") return "Keep one of the two";
  if (code === "TAB_AS_INDENT") return "Indent with spaces";
  if (code === "MULTIPLE_DOCS") return "Keep one document: take out the line --- and what belongs to the other one";
  return "Look at this line and the one before it: indentation, quotes, brackets and colons";
};
