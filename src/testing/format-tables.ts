// The tables of docs/formats.md, drawn from what the formats make of the golden events.
import { eventKey } from "../model/event.ts";
import type { Format, FormatName } from "../model/outgoing.ts";
import { type GoldenEvent, goldenEvents } from "./golden-events.ts";

type Formats = readonly Format[];

const schemas = ["ecs", "ocsf", "ocsf-1.9"] as const satisfies readonly FormatName[];
type Schema = (typeof schemas)[number];

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const code = (text: string) => `\`${text}\``;

/** Every format with who reads it. */
export const formatsTable = (formats: Formats): string =>
  table(
    ["Name", "Title", "Who reads it"],
    formats.map(({ name, title, description }: Format) => [code(name), title, description]),
  );

interface Written {
  readonly type_name: string;
  readonly type_uid: number;
  readonly event: {
    readonly kind: string;
    readonly category?: readonly string[];
    readonly type: readonly string[];
    readonly action: string;
  };
}

const written = ({ view }: GoldenEvent, schema: Schema, formats: Formats): Written =>
  JSON.parse(formats.find(({ name }) => name === schema)!.render(view)) as Written;

/** What each kind of event is in each schema. */
export const eventsTable = (formats: Formats): string =>
  table(
    ["Event", "ECS", "OCSF 1.8.0", "OCSF 1.9.0"],
    goldenEvents.map((event) => {
      const [ecs, older, newer] = schemas.map((schema) => written(event, schema, formats)) as [
        Written,
        Written,
        Written,
      ];
      const type = ({ type_name, type_uid }: Written) => `${type_name}, ${code(String(type_uid))}`;
      return [event.name, ecsKind(ecs.event), type(older), type(newer) === type(older) ? "the same" : type(newer)];
    }),
  );

const ecsKind = ({ kind, category, type, action }: Written["event"]): string =>
  `${category?.join(", ") ?? kind} / ${type.join(", ")} / ${code(action)}`;

/** Where upstream's members end up. */
export function membersTable(formats: Formats): string {
  const rows = new Map<string, Record<Schema, Set<string>>>();
  for (const event of goldenEvents) {
    const places = schemas.map((schema) => [schema, placesIn(written(event, schema, formats))] as const);
    for (const [path, value] of leaves(event.view.data)) {
      const row = rows.get(path) ?? { ecs: new Set(), ocsf: new Set(), "ocsf-1.9": new Set() };
      rows.set(path, row);
      for (const [schema, found] of places) for (const place of found.get(value) ?? []) row[schema].add(place);
    }
  }
  const kept = [...rows].filter(([, row]) => schemas.some((schema) => row[schema].size > 0));
  return memberRows(kept.map(([path, row]) => [code(path), ...cells(row)]));
}

/** Where that ends up which Cistern adds. */
export function stampsTable(formats: Formats): string {
  const event = goldenEvents[0]!;
  const { stored, collector, connector } = event.view;
  const places = schemas.map((schema) => placesIn(written(event, schema, formats)));
  const stamps: readonly (readonly [string, string])[] = [
    ["`key`, the identity of the event", eventKey(stored)],
    ["`seq`, its place in the log", String(stored.seq)],
    ["collector's name", collector],
    ["collector's id", stored.collectorId],
    ["connector", connector],
    ["data source", stored.dataSource],
    ["time of collection", stored.ingestedAt],
    ["`sitename`", stored.siteName ?? ""],
    ["`siteid`", stored.siteId ?? ""],
    ["`timezone`", stored.timezone ?? ""],
  ];
  return memberRows(
    stamps.map(([name, value]) => {
      const [ecs, ocsf, newer] = places.map(
        (found) => found.get(value) ?? found.get(String(Date.parse(value))) ?? none,
      );
      return [name, ...cells({ ecs: ecs!, ocsf: ocsf!, "ocsf-1.9": newer! })];
    }),
  );
}

const none: ReadonlySet<string> = new Set();

const memberRows = (rows: readonly (readonly string[])[]) => table(["Member", "ECS", "OCSF 1.8.0", "OCSF 1.9.0"], rows);

function cells(row: Readonly<Record<Schema, ReadonlySet<string>>>): readonly string[] {
  const [ecs, older, newer] = schemas.map((schema) => [...row[schema]].map(code).join(", ") || "–");
  return [ecs!, older!, newer === older ? "the same" : newer!];
}

// The rest, upstream's line, and lists of values that stand elsewhere too say nothing about the mapping.
const ASIDE =
  /^(?:unmapped|raw_data|observables|event\.original|openai\.compliance\.rest|activity_name|type_name|message_context\.ai_role)(?:\.|$)/;

/** Values by what they are, with the places at which they stand. */
function placesIn(record: Written): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const [path, value] of leaves(record))
    if (!ASIDE.test(path)) places.set(value, (places.get(value) ?? new Set()).add(path));
  return places;
}

/** Values with their paths; items of a list are at the path of the list. Small numbers are left out: they are the same by chance. */
function leaves(value: unknown, path = ""): readonly (readonly [path: string, value: string])[] {
  if (value === null || value === undefined || value === "") return [];
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, path));
  if (typeof value === "object")
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === "" ? name : `${path}.${name}`));
  const isSmall = typeof value === "number" && Number.isInteger(value) && value < 300 && !path.endsWith("sequence");
  return isSmall ? [] : [[path, String(value)]];
}
