// The shape of the section `alerts`. docs/alerts.md is checked against these descriptions.
import { z } from "zod";
import { alertUrl } from "../model/alert-channels.ts";
import { alertRuleNames, channelKinds, severities } from "../model/alerts.ts";
import { parseDuration } from "../model/duration.ts";
import { isOpenableRange } from "../model/private-networks.ts";
import { isTimezone } from "../model/time.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const A_ZONE = "expected an IANA time zone, such as Europe/Berlin or UTC";
const A_TIME = "expected a time of day in quotes, such as '22:00'";
const A_RULE = "expected off, or how long a problem must last, such as 30m; 0s tells it at once";
const A_REMINDER = "expected off, or a duration from 10m to 30d, such as 24h";
const A_RANGE = "expected a private range, such as 10.0.0.0/8; public addresses need none";
const A_KIND = `expected one of ${channelKinds.join(", ")}`;
const A_SEVERITY = `expected one of ${severities.join(", ")}`;
const A_NAME = "expected a name of 1 to 80 characters";

/** `off` is told as `undefined` inside an object, so that it differs from "not given". */
const orOff = (expected: string, minMs: number, maxMs: number) =>
  z.string({ error: expected }).transform((text, ctx) => {
    if (text === "off") return { ms: undefined };
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return { ms };
    ctx.addIssue({ code: "custom", message: expected });
    return z.NEVER;
  });

const time = z.string({ error: A_TIME }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: A_TIME });

export const QuietHoursSection = z.strictObject({
  timezone: z.string({ error: A_ZONE }).refine(isTimezone, { error: A_ZONE }),
  from: time,
  to: time,
});

const A_BEAT = "expected a duration from 10s to 24h, such as 60s";

export const HeartbeatSection = z.strictObject({
  url: alertUrl,
  interval: orOff(A_BEAT, 10_000, DAY_MS)
    .refine(({ ms }) => ms !== undefined, { error: A_BEAT })
    .optional(),
});

const rule = orOff(A_RULE, 0, 30 * DAY_MS).optional();

export const RulesSection = z.strictObject(Object.fromEntries(alertRuleNames.map((name) => [name, rule])));

export const ChannelSection = z.strictObject({
  name: z.string({ error: A_NAME }).trim().min(1, { error: A_NAME }).max(80, { error: A_NAME }),
  channel: z.enum(channelKinds, { error: A_KIND }),
  settings: z.record(z.string(), z.unknown(), { error: "expected settings by name, each on a line of its own" }),
  severity: z.enum(severities, { error: A_SEVERITY }).optional(),
  enabled: z.boolean({ error: "expected true or false" }).optional(),
});

const part = <T>(expected: string) =>
  z.custom<T>((value) => value !== null && typeof value === "object" && !Array.isArray(value), { error: expected });
const keys = "expected keys, each on a line of its own";

/** The section itself; its parts are checked one by one. */
export const AlertsSection = z.strictObject({
  channels: z
    .array(z.unknown(), { error: "expected a list, each item beginning with a dash" })
    .optional()
    .meta({ description: "Where alerts go: `name`, `channel`, `settings`, `severity`, `enabled`." }),
  rules: part(keys)
    .optional()
    .meta({ description: "By rule: `off`, or how long a problem must last before it is told." }),
  reminder: orOff(A_REMINDER, 10 * MINUTE_MS, 30 * DAY_MS)
    .optional()
    .meta({ description: "After so long a problem that stays is told again, or `off`. Default `24h`." }),
  quiet_hours: part(keys)
    .optional()
    .meta({ description: "`timezone`, `from` and `to`: between them only what is critical is sent." }),
  heartbeat: part(keys)
    .optional()
    .meta({ description: "`url` and `interval`: called while every data source that is not paused makes progress." }),
  allow_networks: z
    .array(z.string({ error: A_RANGE }).refine(isOpenableRange, { error: A_RANGE }), {
      error: "expected a list of ranges",
    })
    .optional()
    .meta({ description: "Private ranges, as CIDR, to which alerts may be sent. Default: none." }),
});
