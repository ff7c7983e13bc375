// Judges a record by the Elastic Common Schema as its publisher ships it.
import { isIP } from "node:net";
import { EcsFlat } from "@elastic/ecs";

interface Field {
  readonly type: string;
  readonly normalize?: readonly string[];
  readonly allowed_values?: readonly { readonly name: string; readonly expected_event_types?: readonly string[] }[];
  readonly ignore_above?: number;
}

const known = EcsFlat as unknown as Readonly<Record<string, Field>>;

/** The fields that are ours, with their types: a closed list, so that no index grows without end. */
const own: Readonly<Record<string, string>> = Object.fromEntries([
  ...(
    "key,original_time,rest,raw_base64,action,result,privilege,principal.type,actor.type,actor.id,client.program,conversation.id," +
    "conversation.title,project.id,project.name,message.id,message.previous_id,message.author,message.tools,message.skills,file.id," +
    "app.id,app.name,session.id,thing.type,thing.id,thing.name,auth.provider,setting.name,setting.new"
  )
    .split(",")
    .map((name) => [`openai.compliance.${name}`, "keyword"]),
  ["openai.compliance.conversation.is_temporary", "boolean"],
  ...["sitename", "siteid", "connector", "conversation_id"].map((name) => [`labels.${name}`, "keyword"]),
]);

/** Lists may stand in any field of Elasticsearch; the schema itself asks for one in some. */
const severalAllowed = /^(?:user\.target\.|file\.|openai\.compliance\.(?:file|message)\.)/;

/** What is wrong with the record; nothing where it keeps to the schema. */
export function ecsErrors(record: object): readonly string[] {
  const fields = [...leavesOf(record)];
  return [...fields.flatMap(([name, value]) => fieldErrors(name, value)), ...pairErrors(new Map(fields))];
}

/** Values by full field names; a list or a point is one value. */
export function* leavesOf(value: unknown, name = ""): Generator<readonly [name: string, value: unknown]> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject || known[name]?.type === "geo_point") yield [name, value];
  else for (const [key, inner] of Object.entries(value)) yield* leavesOf(inner, name === "" ? key : `${name}.${key}`);
}

function fieldErrors(name: string, value: unknown): readonly string[] {
  const field: Field | undefined = known[name] ?? (own[name] === undefined ? undefined : { type: own[name] });
  if (field === undefined) return [`${name}: no such field`];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isList = field.normalize?.includes("array") ?? false;
  return [
    ...(isList === Array.isArray(value) || severalAllowed.test(name)
      ? []
      : [`${name}: ${isList ? "a list" : "one value"}`]),
    ...values
      .filter((one) => !types[field.type]?.(one))
      .map((one) => `${name}: ${JSON.stringify(one)} is no ${field.type}`),
    ...values.filter((one) => !isAllowed(field, one)).map((one) => `${name}: ${String(one)} is not allowed`),
  ];
}

const isAllowed = ({ allowed_values: allowed }: Field, value: unknown) =>
  allowed === undefined || allowed.length === 0 || allowed.some(({ name }) => name === value);

const listed = (value: unknown): readonly string[] => (Array.isArray(value) ? value : []);

/** Of the types of each category the schema says which it expects. */
function pairErrors(fields: ReadonlyMap<string, unknown>): readonly string[] {
  const categories = listed(fields.get("event.category"));
  const types = listed(fields.get("event.type"));
  return categories.flatMap((category) => {
    const expected =
      known["event.category"]?.allowed_values?.find(({ name }) => name === category)?.expected_event_types ?? [];
    return types.filter((type) => !expected.includes(type)).map((type) => `event.type: ${type} of ${category}`);
  });
}

const isText = (value: unknown) => typeof value === "string";
const isInteger = (value: unknown) => Number.isSafeInteger(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: isText,
  constant_keyword: isText,
  wildcard: isText,
  match_only_text: isText,
  ip: (value) => isText(value) && isIP(value as string) !== 0,
  date: (value) => isText(value) && !Number.isNaN(Date.parse(value as string)),
  long: isInteger,
  integer: (value) => isInteger(value) && Math.abs(value as number) < 2 ** 31,
  boolean: (value) => typeof value === "boolean",
  geo_point: (value) => {
    const { lat, lon } = value as { lat?: unknown; lon?: unknown };
    return Math.abs(lat as number) <= 90 && Math.abs(lon as number) <= 180;
  },
};
