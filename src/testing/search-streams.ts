import { type IndexMapping, indexMapping, type MappingNode } from "./index-mapping.ts";

export interface SearchStream {
  /** A data stream takes only new documents, each with a time; a plain index also takes others in their place. */
  readonly isDataStream: boolean;
  /** The indices behind it, oldest first: the last is written to. An id is known within one of them only. */
  readonly indices: Map<string, string>[];
  readonly mapping: IndexMapping;
  /** What went to the failure store. */
  readonly failures: string[];
}

interface Template {
  readonly index_patterns?: readonly string[];
  readonly data_stream?: object;
  readonly priority?: number;
  readonly template?: { readonly mappings?: MappingNode };
}

export interface SearchStreams {
  readonly templates: ReadonlyMap<string, Template>;
  /** Why it is refused; undefined where it stands. */
  putTemplate(name: string, template: Template): string | undefined;
  find(name: string): SearchStream | undefined;
  create(name: string): SearchStream;
}

const common = ["date", "keyword", "text", "long", "integer", "float", "boolean", "ip", "geo_point", "object"];
const types = { elasticsearch: [...common, "match_only_text", "constant_keyword", "flattened"], opensearch: common };

export function createStreams(flavour: keyof typeof types): SearchStreams {
  const templates = new Map<string, Template>();
  const streams = new Map<string, SearchStream>();
  const templateFor = (name: string) =>
    [...templates.values()]
      .filter(({ index_patterns: patterns = [] }) => patterns.some((pattern) => matches(name, pattern)))
      .sort((one, other) => (other.priority ?? 0) - (one.priority ?? 0))[0];
  return {
    templates,
    putTemplate(name, template) {
      if (!template.index_patterns?.length) return "index patterns are missing";
      const problem = unknownType(template.template?.mappings, types[flavour], []);
      if (problem === undefined) templates.set(name, template);
      return problem;
    },
    find: (name) => streams.get(name),
    create(name) {
      const template = templateFor(name);
      // Elasticsearch brings a template for logs along, OpenSearch does not.
      const isDataStream = template
        ? template.data_stream !== undefined
        : flavour === "elasticsearch" && /^logs-.+-/.test(name);
      const mapping = indexMapping(template?.template?.mappings);
      const stream = { isDataStream, indices: [new Map<string, string>()], mapping, failures: [] };
      streams.set(name, stream);
      return stream;
    },
  };
}

const matches = (name: string, pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(name);

function unknownType(
  node: MappingNode | undefined,
  known: readonly string[],
  path: readonly string[],
): string | undefined {
  if (node?.type !== undefined && !known.includes(node.type))
    return `No handler for type [${node.type}] declared on field [${path.join(".")}]`;
  for (const [name, inner] of Object.entries(node?.properties ?? {})) {
    const problem = unknownType(inner, known, [...path, name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
