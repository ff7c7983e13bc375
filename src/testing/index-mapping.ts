// What a search engine does with a document as it indexes it: gives new fields a type, and refuses what does not fit the type that is there.
import { isIP } from "node:net";

export interface MappingNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, MappingNode>>;
  readonly enabled?: boolean;
  readonly dynamic?: boolean | string;
  readonly ignore_above?: number;
  readonly index?: boolean;
  readonly doc_values?: boolean;
}

interface Fault {
  readonly type: string;
  readonly reason: string;
}

export interface IndexMapping {
  /** Undefined where the document fits; its new fields then have their types. */
  fit(document: unknown): Fault | undefined;
  /** Fields by their full names. */
  readonly types: ReadonlyMap<string, string>;
}

const MOST_FIELDS = 1_000;
const DEEPEST = 20;
const LONGEST_TERM = 32_766;

export function indexMapping(root: MappingNode = {}): IndexMapping {
  const types = new Map<string, string>();
  return {
    types,
    fit(document) {
      const found = new Map<string, string>();
      try {
        walk(document, root, []);
      } catch (fault) {
        if (fault instanceof Error) throw fault;
        return fault as Fault;
      }
      if (types.size + [...found.keys()].filter((path) => !types.has(path)).length > MOST_FIELDS)
        return {
          type: "illegal_argument_exception",
          reason: `Limit of total fields [${MOST_FIELDS}] has been exceeded`,
        };
      for (const [path, type] of found) types.set(path, type);
      return undefined;

      function walk(value: unknown, node: MappingNode | undefined, names: readonly string[]): void {
        if (value === null || value === undefined || node?.enabled === false) return;
        const path = names.join(".");
        if (Array.isArray(value) && node?.type !== "geo_point") {
          for (const one of value) walk(one, node, names);
          return;
        }
        const type = node?.type ?? types.get(path) ?? found.get(path) ?? typeOf(value, node, path);
        if (type === "object" && names.length > DEEPEST)
          throw parsing(path, `Limit of mapping depth [${DEEPEST}] has been exceeded`);
        const problem = problemOf(value, type, node);
        if (problem !== undefined) throw parsing(path, problem);
        if (path !== "") found.set(path, type);
        if (type !== "object") return;
        for (const [name, inner] of Object.entries(value as object)) {
          const known = node?.properties?.[name];
          if (known === undefined && node?.dynamic === false) continue;
          walk(inner, known, [...names, name]);
        }
      }
    },
  };
}

const parsing = (path: string, reason: string): Fault => ({
  type: "document_parsing_exception",
  reason: `[1:2] failed to parse field [${path}]: ${reason}`,
});

function typeOf(value: unknown, node: MappingNode | undefined, path: string): string {
  if (typeof value === "object" || node?.properties || path === "") return "object";
  if (typeof value === "number") return Number.isInteger(value) ? "long" : "float";
  return typeof value === "boolean" ? "boolean" : "keyword";
}

function problemOf(value: unknown, type: string, node: MappingNode | undefined): string | undefined {
  const isObject = typeof value === "object";
  if (type === "object") return isObject ? undefined : "object mapping tried to parse a concrete value";
  if (type === "geo_point") return isPoint(value) ? undefined : "no point";
  if (isObject) return `cannot get a value of type [${type}] from an object`;
  if (type === "date") return Number.isNaN(Date.parse(String(value))) ? "failed to parse date field" : undefined;
  if (type === "ip") return isIP(String(value)) === 0 ? "is not an IP string literal" : undefined;
  if (type === "boolean")
    return ["true", "false"].includes(String(value)) ? undefined : "only [true] or [false] allowed";
  if (["long", "integer", "float"].includes(type)) return numberProblem(Number(value), type);
  return type === "keyword" ? termProblem(String(value), node) : undefined;
}

function numberProblem(value: number, type: string): string | undefined {
  if (Number.isNaN(value)) return "for input string";
  const most = type === "integer" ? 2 ** 31 : type === "long" ? 2 ** 63 : Number.MAX_VALUE;
  return Math.abs(value) > most ? `out of range for [${type}]` : undefined;
}

function termProblem(value: string, node: MappingNode | undefined): string | undefined {
  const isUnindexed = node?.index === false && node.doc_values === false;
  // A field that came by itself has the limit that the dynamic templates of today give it.
  if (isUnindexed || node === undefined || (node.ignore_above !== undefined && value.length > node.ignore_above))
    return undefined;
  return Buffer.byteLength(value) > LONGEST_TERM ? "immense term" : undefined;
}

const isPoint = (value: unknown): boolean => {
  if (typeof value === "string") return /^-?[\d.]+,\s*-?[\d.]+$/.test(value);
  const { lat, lon } = (value ?? {}) as { lat?: unknown; lon?: unknown };
  return Number.isFinite(Number(lat)) && Number.isFinite(Number(lon));
};
