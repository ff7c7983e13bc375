// One bulk request: several operations, each with an answer of its own.
import { type ElasticsearchState, failed, type ItemFault, type Privileges, said } from "./elasticsearch-answers.ts";
import { isJson, repeatedName } from "./json-pieces.ts";
import type { LoopbackAnswer } from "./loopback-server.ts";
import type { SearchStream, SearchStreams } from "./search-streams.ts";

export interface Bulk {
  readonly text: string;
  /** The stream that the path names. */
  readonly target: string | undefined;
  readonly url: URL;
  readonly mine: Privileges;
  readonly streams: SearchStreams;
  readonly state: ElasticsearchState;
}

interface Operation {
  readonly verb: string;
  readonly index: string;
  readonly id: string;
  readonly source: string;
}

interface Item {
  readonly status: number;
  readonly [member: string]: unknown;
}

const LONGEST_ID = 512;
let madeIds = 0;

export function bulkAnswer(bulk: Bulk): LoopbackAnswer {
  const operations = operationsIn(bulk);
  if (typeof operations === "string") return failed(400, "illegal_argument_exception", operations);
  const items = operations.map((one) => ({ [one.verb]: { _index: one.index, _id: one.id, ...itemOf(one, bulk) } }));
  const errors = items.some((item) => Object.values(item).some((one) => "error" in one));
  const paths = bulk.url.searchParams.get("filter_path")?.split(",");
  const whole = { took: 3, errors, items };
  return said(
    paths === undefined
      ? whole
      : ((filtered(
          whole,
          paths.map((path) => path.split(".")),
        ) as object) ?? {}),
  );
}

/** The operations, or why the whole request is refused. */
function operationsIn({ text, target }: Bulk): readonly Operation[] | string {
  if (!text.endsWith("\n")) return "The bulk request must be terminated by a newline [\\n]";
  const lines = text.slice(0, -1).split("\n");
  const operations: Operation[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const head = isJson(lines[at]!) ? (JSON.parse(lines[at]!) as Record<string, Record<string, string>>) : {};
    const [verb, facts] = Object.entries(head)[0] ?? [];
    if (verb === undefined || !["create", "index", "update", "delete"].includes(verb))
      return `Malformed action/metadata line [${at + 1}]`;
    if (facts?._index === undefined && target === undefined) return "index is missing";
    if (lines[at + 1] === undefined) return "The source of the last operation is missing";
    const id = facts?._id ?? `made-${++madeIds}`;
    operations.push({ verb, index: facts?._index ?? target!, id, source: lines[at + 1]! });
  }
  return operations;
}

function itemOf(operation: Operation, { mine, streams, state }: Bulk): Item {
  const { index, id, source } = operation;
  if (!mine.index.includes("create_doc"))
    return faulty(403, "security_exception", "action [indices:data/write/bulk[s]] is unauthorized");
  if (streams.find(index) === undefined && !state.autoCreate)
    return faulty(404, "index_not_found_exception", `no such index [${index}]`);
  if (streams.find(index) === undefined && !mine.index.includes("auto_configure"))
    return faulty(403, "security_exception", "action [indices:admin/auto_create] is unauthorized");
  const stream = streams.find(index) ?? streams.create(index);
  const fault = state.fault(id, source);
  if (fault !== undefined) return faulty(fault.status, fault.type, fault.reason);
  return written(operation, stream, state);
}

function written({ verb, id, source }: Operation, stream: SearchStream, state: ElasticsearchState): Item {
  if (stream.isDataStream && verb !== "create")
    return faulty(
      400,
      "illegal_argument_exception",
      "only write ops with an op_type of create are allowed in data streams",
    );
  if (Buffer.byteLength(id) > LONGEST_ID)
    return faulty(400, "illegal_argument_exception", `id is too long, must be no longer than ${LONGEST_ID} bytes`);
  const index = stream.indices.at(-1)!;
  const isThere = index.has(id);
  if (verb === "create" && isThere)
    return faulty(409, "version_conflict_engine_exception", `[${id}]: version conflict, document already exists`);
  const misfit = misfitOf(source, stream);
  if (misfit !== undefined && !(state.failureStore && stream.isDataStream))
    return faulty(misfit.status, misfit.type, misfit.reason);
  if (misfit !== undefined) {
    stream.failures.push(source);
    return { status: 201, result: "created", failure_store: "used" };
  }
  index.set(id, source);
  return { status: isThere ? 200 : 201, result: isThere ? "updated" : "created" };
}

function misfitOf(source: string, { isDataStream, mapping }: SearchStream): ItemFault | undefined {
  const refused = (reason: string): ItemFault => ({ status: 400, type: "document_parsing_exception", reason });
  if (!isJson(source)) return refused("[1:1] failed to parse");
  const repeated = repeatedName(source);
  if (repeated !== undefined) return refused(`[1:1] failed to parse: Duplicate field '${repeated}'`);
  const document: unknown = JSON.parse(source);
  if (typeof document !== "object" || document === null || Array.isArray(document)) return refused("[1:1] no object");
  const time = (document as Record<string, unknown>)["@timestamp"];
  if (isDataStream && (typeof time !== "string" || Number.isNaN(Date.parse(time))))
    return refused("[1:1] failed to parse: data stream timestamp field [@timestamp] is missing");
  const fault = mapping.fit(document);
  return fault && { status: 400, ...fault };
}

const faulty = (status: number, type: string, reason: string): Item => ({ status, error: { type, reason } });

/** Of the value, what the paths name; `*` stands for any name. */
function filtered(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((one) => filtered(one, paths));
  if (typeof value !== "object" || value === null) return undefined;
  const kept = Object.entries(value).map(([name, inner]) => {
    const further = paths.filter(([first]) => first === name || first === "*").map((path) => path.slice(1));
    return [name, further.length === 0 ? undefined : filtered(inner, further)] as const;
  });
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
}
