// OCSF events of one class as Parquet with real columns: objects become groups and arrays become lists, as query engines of a security lake
// expect them. The columns follow from the events of a file: a member that none of them has is no column.
import type { SchemaElement } from "hyparquet-writer";
import { type ParquetCodec, parquetFile } from "./parquet.ts";

export type OcsfEvent = Readonly<Record<string, unknown>>;

/** What a column holds. `nothing`: only null, `{}` or `[]` were seen. `json`: whatever fits no type, as JSON text. */
type Shape =
  | { readonly kind: "nothing" | "boolean" | "integer" | "double" | "text" | "json" }
  | { readonly kind: "list"; readonly element: Shape }
  | { readonly kind: "group"; readonly fields: ReadonlyMap<string, Shape> };

/** Free-form in every class: its members are anybody's. */
const FREE_FORM = "unmapped";
/** Beyond that an object is no structure but data, and text holds it as well. */
const DEEPEST = 8;
const MOST_FIELDS = 200;

const nothing: Shape = { kind: "nothing" };
const json: Shape = { kind: "json" };

/** One file with a row for each event, in their order. The same events give the same bytes. */
export function ocsfParquet(events: readonly OcsfEvent[], codec: ParquetCodec): Promise<Uint8Array> {
  const shape = events.map((event) => groupShape(event, 0)).reduce(merged);
  const fields = shape.kind === "group" ? [...shape.fields] : [];
  const columns = fields
    .filter(([, field]) => isColumn(field))
    .map(([name, field]) => [name, name === FREE_FORM ? json : field] as const)
    .sort(byName);
  const schema = [
    { name: "ocsf", num_children: columns.length },
    ...columns.flatMap(([name, field]) => elementsOf(name, field)),
  ];
  const data = columns.map(([name, field]) => ({ name, data: events.map((event) => valueFor(field, event[name])) }));
  return parquetFile(schema, data, codec);
}

function shapeOf(value: unknown, depth: number): Shape {
  if (value === null || value === undefined) return nothing;
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: Number.isSafeInteger(value) ? "integer" : "double" };
  if (typeof value === "string") return { kind: "text" };
  if (depth >= DEEPEST) return json;
  if (!Array.isArray(value)) return groupShape(value as OcsfEvent, depth);
  const element = value.map((one: unknown) => shapeOf(one, depth + 1)).reduce(merged, nothing);
  return element.kind === "nothing" ? nothing : { kind: "list", element };
}

function groupShape(value: OcsfEvent, depth: number): Shape {
  const fields = Object.entries(value).map(([name, one]) => [name, shapeOf(one, depth + 1)] as const);
  if (fields.length > MOST_FIELDS) return json;
  return fields.length === 0 ? nothing : { kind: "group", fields: new Map(fields) };
}

function merged(a: Shape, b: Shape): Shape {
  if (a.kind === "nothing") return b;
  if (b.kind === "nothing") return a;
  if (a.kind === "list" && b.kind === "list") return { kind: "list", element: merged(a.element, b.element) };
  if (a.kind === "group" && b.kind === "group") return mergedGroups(a.fields, b.fields);
  if (a.kind === b.kind) return a;
  const kinds = [a.kind, b.kind].sort().join();
  return kinds === "double,integer" ? { kind: "double" } : json;
}

function mergedGroups(a: ReadonlyMap<string, Shape>, b: ReadonlyMap<string, Shape>): Shape {
  const fields = new Map(a);
  for (const [name, shape] of b) fields.set(name, merged(fields.get(name) ?? nothing, shape));
  return fields.size > MOST_FIELDS ? json : { kind: "group", fields };
}

/** A group in which nothing was ever seen cannot be written: Parquet has no empty groups. */
function isColumn(shape: Shape): boolean {
  if (shape.kind === "group") return [...shape.fields.values()].some(isColumn);
  return shape.kind === "list" ? isColumn(shape.element) : shape.kind !== "nothing";
}

function elementsOf(name: string, shape: Shape): SchemaElement[] {
  const optional = { name, repetition_type: "OPTIONAL" } as const;
  switch (shape.kind) {
    case "boolean":
      return [{ ...optional, type: "BOOLEAN" }];
    case "integer":
      return [{ ...optional, type: "INT64" }];
    case "double":
      return [{ ...optional, type: "DOUBLE" }];
    case "list":
      return [
        { ...optional, converted_type: "LIST", logical_type: { type: "LIST" }, num_children: 1 },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        ...elementsOf("element", shape.element),
      ];
    case "group": {
      const fields = [...shape.fields].filter(([, field]) => isColumn(field)).sort(byName);
      return [{ ...optional, num_children: fields.length }, ...fields.flatMap(([field, of]) => elementsOf(field, of))];
    }
    default:
      return [{ ...optional, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } }];
  }
}

function valueFor(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case "integer":
      return BigInt(value as number);
    case "text":
      return (value as string).toWellFormed();
    case "json":
      return (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();
    case "list":
      return (value as readonly unknown[]).map((one) => valueFor(shape.element, one));
    case "group":
      return groupFor(shape.fields, value as OcsfEvent);
    default:
      return value;
  }
}

// Without a prototype: the writer asks by name, and `constructor` is a name as any other.
function groupFor(fields: ReadonlyMap<string, Shape>, value: OcsfEvent): object {
  const group = Object.create(null) as Record<string, unknown>;
  for (const [name, field] of fields) if (Object.hasOwn(value, name)) group[name] = valueFor(field, value[name]);
  return group;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);
