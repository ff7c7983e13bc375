// The shape of the configuration file, section by section. Every key is described here, and docs/configuration.md is
// checked against these descriptions.
import { z } from "zod";
import { parseDuration } from "../model/duration.ts";
import { formatNames } from "../model/outgoing.ts";
import { EventFilter, Masking } from "../model/shaping.ts";
import { hasZone, instantUs, isTimezone } from "../model/time.ts";
import { AlertsSection } from "./alerts-schema.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 86_400_000;

const A_NAME = "expected a name of 1 to 80 characters, without line breaks or spaces at its ends";
const NAME_SHAPE = /^(?=.{1,80}$)[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$/u;

const name = z.string({ error: A_NAME }).regex(NAME_SHAPE, { error: A_NAME });
const text = (expected: string) => z.string({ error: expected }).min(1, { error: expected });
const list = <Item extends z.ZodType>(item: Item, expected: string) =>
  z.array(item, { error: expected }).min(1, { error: expected });
const settings = z.record(z.string(), z.unknown(), { error: "expected settings by name, each on a line of its own" });

function duration(expected: string, minMs: number, maxMs: number) {
  return z.string({ error: expected }).transform((value, ctx) => {
    const ms = parseDuration(value);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    ctx.addIssue({ code: "custom", message: expected });
    return z.NEVER;
  });
}

const A_START = "expected an instant with its zone, such as 2026-10-24T00:00:00Z";
const A_ZONE = "expected an IANA time zone, such as Europe/Berlin or UTC";
const A_RATE = "expected auto, or a whole number of requests from 1 to 6000";
const A_RETENTION = "expected a number of whole days, such as 365d";

const retention = duration(A_RETENTION, DAY_MS, 36_500 * DAY_MS)
  .refine((ms) => ms % DAY_MS === 0, { error: A_RETENTION })
  .transform((ms) => ms / DAY_MS);

/** A site of the file. */
export const SiteSection = z.strictObject({
  name: name.meta({ description: "Unique. Stamped on every event of its collectors as `sitename`." }),
});

/** A collector of the file. */
export const CollectorSection = z.strictObject({
  name: name.meta({ description: "Unique. Shown in the console and stamped on every exported event as `collector`." }),
  connector: text("expected the name of a connector").meta({ description: "What is collected: a connector's name." }),
  settings: settings.meta({ description: "The connector's own settings; its page lists them." }),
  data_sources: list(
    text("expected the name of a data source"),
    "expected a list of data sources, such as [audit-log]",
  ).meta({ description: "The feeds to collect. Two names for one upstream type are refused." }),
  site: text("expected the name of a site").optional().meta({ description: "A site named under `sites`." }),
  timezone: z
    .string({ error: A_ZONE })
    .refine(isTimezone, { error: A_ZONE })
    .optional()
    .meta({ description: "An IANA zone, stamped on every event and given to upstream times that have none." }),
  start: z
    .string({ error: A_START })
    .refine((value) => hasZone(value) && instantUs(value) !== undefined, { error: A_START })
    .optional()
    .meta({
      description: "Nothing that ended before this instant is asked for. Default: all that upstream still has.",
    }),
  poll_interval: duration("expected a duration from 1s to 24h, such as 60s", SECOND_MS, DAY_MS)
    .optional()
    .meta({ description: "How long to wait between two looks for new files. Default `60s`." }),
  overlap: duration("expected a duration from 1m to 29d, such as 24h", MINUTE_MS, 29 * DAY_MS)
    .optional()
    .meta({
      description: "How far back the hourly look reaches for files that upstream published late. Default `24h`.",
    }),
  requests_per_minute: z
    .union([z.literal("auto"), z.int({ error: A_RATE }).min(1, { error: A_RATE }).max(6_000, { error: A_RATE })], {
      error: A_RATE,
    })
    .optional()
    .meta({ description: "A ceiling for each key and route, or `auto` to find the rate out. Default `auto`." }),
  retention: retention
    .optional()
    .meta({ description: "Events older than this are removed, in whole days such as `365d`. Default: kept." }),
  paused: z.boolean({ error: "expected true or false" }).optional().meta({
    description:
      "`true` stops the collector, `false` starts it. Default: as the console last left it, and started at first.",
  }),
});

/** A destination of the file. */
export const DestinationSection = z.strictObject({
  name: name.meta({ description: "Unique." }),
  destination: text("expected the name of a destination type").meta({ description: "Where events are delivered to." }),
  settings: settings.meta({ description: "The destination's own settings; its page lists them." }),
  collectors: list(text("expected the name of a collector"), "expected a list of collectors")
    .optional()
    .meta({ description: "Only events of these collectors. Default: all." }),
  format: z
    .enum(formatNames, { error: `expected one of ${formatNames.join(", ")}` })
    .optional()
    .meta({ description: "How events are written, such as `raw`. Default: the destination's own." }),
  filter: EventFilter.optional().meta({
    description: "Which events; docs/destinations.md lists the keys. Default: all.",
  }),
  masking: Masking.optional().meta({
    description: "What is left out or replaced; docs/destinations.md lists the keys.",
  }),
  from: z
    .enum(["start", "now"], { error: "expected start or now" })
    .optional()
    .meta({ description: "Begin with all events that are held (`start`), or with the next (`now`). Default `start`." }),
  max_batch_events: z
    .int({ error: "expected a whole number of events" })
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: "Most events in one batch. Default: the destination's own." }),
  max_batch_bytes: z
    .int({ error: "expected a whole number of bytes" })
    .min(1_000)
    .max(100_000_000)
    .optional()
    .meta({ description: "Most bytes in one batch. Default: the destination's own." }),
  max_age: duration("expected a duration from 1s to 1h, such as 5s", SECOND_MS, 60 * MINUTE_MS)
    .optional()
    .meta({ description: "How long the first event of a batch may wait for more. Default: the destination's own." }),
  paused: z.boolean({ error: "expected true or false" }).optional().meta({
    description:
      "`true` holds delivery back, `false` starts it. Default: as the console last left it, and started at first.",
  }),
});

/** The whole file: each section is a list, but for the alerts. */
export const fileSections = {
  sites: { schema: SiteSection, description: "Named places or tenants." },
  collectors: { schema: CollectorSection, description: "What is collected." },
  destinations: { schema: DestinationSection, description: "Where events go." },
  alerts: { schema: AlertsSection, description: "Who is told when something is not as it should be." },
} as const;
