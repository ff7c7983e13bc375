// Which events a destination gets, what of them, and in what batches: the options of `add` and `change`.
import { type Command, Option } from "commander";
import type { DestinationChange, InstalledDestination } from "../../model/destinations.ts";
import { CollectorError } from "../../model/errors.ts";
import { EventFilter, type FieldRule, Masking } from "../../model/shaping.ts";
import { collected, durationArgument, wholeArgument } from "../arguments.ts";

export interface ShapingOptions {
  readonly dataSource?: readonly string[];
  readonly type?: readonly string[];
  readonly user?: readonly string[];
  readonly withoutUser?: readonly string[];
  readonly where?: readonly string[];
  readonly metadataOnly?: boolean;
  readonly pseudonyms?: boolean;
  readonly drop?: readonly string[];
  readonly mask?: readonly string[];
  readonly maxBatchEvents?: number;
  readonly maxBatchBytes?: number;
  readonly maxAge?: number;
}

type Shaping = Pick<InstalledDestination, "filter" | "masking" | "maxBatchEvents" | "maxBatchBytes" | "maxAgeMs">;

export const NO_SHAPING: Shaping = {
  filter: undefined,
  masking: undefined,
  maxBatchEvents: undefined,
  maxBatchBytes: undefined,
  maxAgeMs: undefined,
};

const repeated = (flags: string, description: string) =>
  new Option(flags, `${description}; may be given several times`).argParser(collected);

export function withShaping(command: Command): Command {
  const options = [
    repeated("--data-source <name>", "only events of this data source"),
    repeated("--type <type>", "only events of this type, in upstream's words"),
    repeated("--user <address>", "only what this person did, by mail address or user id"),
    repeated("--without-user <address>", "nothing of this person"),
    repeated("--where <condition>", "only events with path=value, path~text (holds it), path (is there) or !path"),
    new Option("--metadata-only", "no content, whatever field it stands in"),
    new Option("--pseudonyms", "keyed pseudonyms in place of people's names, addresses and ids"),
    repeated("--drop <path>", "leave this field out, such as message.content"),
    repeated("--mask <path>", "write *** in place of this field's value"),
    new Option("--max-batch-events <number>", "most events in a batch; default: as many as the kind takes").argParser(
      wholeArgument(1, 100_000),
    ),
    new Option("--max-batch-bytes <number>", "most bytes in a batch; default: as many as the kind takes").argParser(
      wholeArgument(1_000, 100_000_000),
    ),
    new Option("--max-age <duration>", "longest wait for a batch to fill; default: what suits the kind").argParser(
      durationArgument,
    ),
  ];
  return options.reduce((made, option) => made.addOption(option), command);
}

/** What is given takes the place of the same part of `before`; the other parts stay. */
export function shapingOf(options: ShapingOptions, before: Shaping): Shaping {
  const { dataSource, type, user, withoutUser, where, metadataOnly, pseudonyms, drop, mask } = options;
  const filter = present({
    ...before.filter,
    ...present({ data_sources: dataSource, types: type, users: user, without_users: withoutUser }),
    ...present({ fields: where?.map(ruleOf) }),
  });
  const masking = present({
    ...before.masking,
    ...present({ metadata_only: metadataOnly, pseudonyms, drop, mask }),
  });
  return {
    filter: filter && accepted(EventFilter, filter),
    masking: masking && accepted(Masking, masking),
    maxBatchEvents: options.maxBatchEvents ?? before.maxBatchEvents,
    maxBatchBytes: options.maxBatchBytes ?? before.maxBatchBytes,
    maxAgeMs: options.maxAge ?? before.maxAgeMs,
  };
}

/** The parts that are cleared ahead of what is given. */
export const clearable = ["filter", "masks", "limits", "collectors"] as const;

export function cleared(destination: InstalledDestination, parts: readonly string[]): InstalledDestination {
  const { filter, masking, ...limits } = NO_SHAPING;
  const changes: Readonly<Record<(typeof clearable)[number], DestinationChange>> = {
    filter: { filter },
    masks: { masking },
    limits,
    collectors: { collectorIds: undefined },
  };
  const wanted = clearable.filter((part) => parts.includes(part)).map((part) => changes[part]);
  return Object.assign({}, destination, ...wanted) as InstalledDestination;
}

/** `path=value`, `path~text`, `path`, `!path`. */
function ruleOf(text: string): FieldRule {
  const [, not, field = "", sign, value = ""] = /^(!?)([^=~]*)(?:([=~])(.*))?$/s.exec(text) ?? [];
  if (sign === "=" && !not) return { field, equals: [value] };
  if (sign === "~" && !not) return { field, contains: value };
  if (sign === undefined) return { field, exists: !not };
  throw usage(`'${text}' is no condition`, "Write path=value, path~text, path or !path");
}

/** Without what is not given; undefined where nothing is left. */
function present<T extends object>(parts: T): Partial<T> | undefined {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Partial<T>);
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function accepted<T>(schema: Schema<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw usage(wrong.join("; "), "Paths are those of upstream's events, such as actor.user_email");
}

const usage = (message: string, action: string) => new CollectorError("rejected", message, { reason: "usage", action });
