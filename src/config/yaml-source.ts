import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (place: Place, message: string, remedy?: string): Problem => ({ file, ...place, message, remedy });
  const faults = [...document.errors, ...document.warnings];
  for (const fault of faults) report(problem(at(fault.pos[0]), spoken(fault), remedyFor(fault.code)));
  if (faults.length > 0) return undefined;
  return {
    file,
    value: document.toJS({ maxAliasCount: 100 }),
    placeOf: (path) => at(nodeAt(document, path)?.range?.[0] ?? 0),
    placeOfKey: (path) => at(keyAt(document, path) ?? nodeAt(document, path.slice(0, -1))?.range?.[0] ?? 0),
    problem,
  };
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

const spoken = ({ code, message }: { readonly code: string; readonly message: string }) => {
  if (code === "DUPLICATE_KEY") return "this key stands here twice";
  if (code === "MULTIPLE_DOCS") return "a second document begins here, and only one is read";
  return `this is not YAML: ${message.replace(/\s+/g, " ").replace(/\.$/, "")}`;
};

const remedyFor = (code: string) => {
  if (code === "DUPLICATE_KEY") return "Keep one of the two";
  if (code === "TAB_AS_INDENT") return "Indent with spaces";
  return undefined;
};
