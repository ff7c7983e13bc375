import { z } from "@hono/zod-openapi";
import { type AlertRule, alertRuleNames, channelKinds, severities } from "../model/alerts.ts";
import { isOpenableRange } from "../model/private-networks.ts";
import { GivenTimezone, Instant, SecretInfoSchema, Settings } from "./schemas.ts";

const DAY_MS = 86_400_000;

const Severity = z.enum(severities);
const Rules = alertRuleNames as readonly [AlertRule, ...AlertRule[]];
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "Expected a time such as 22:00" });
const QuietHours = z.strictObject({ timezone: GivenTimezone, from: Clock, to: Clock });
const RuleSettings = z.strictObject({
  enabled: z.boolean(),
  afterMs: z
    .int()
    .min(0)
    .max(30 * DAY_MS),
});
const Range = z.string().max(60).refine(isOpenableRange, {
  error: "Expected a private range such as 10.0.0.0/8; public addresses need none",
});

export const AlertSettingsBody = z
  .strictObject({
    rules: z.partialRecord(z.enum(Rules), RuleSettings),
    reminderMs: z.union([
      z.literal(0),
      z
        .int()
        .min(600_000)
        .max(30 * DAY_MS),
    ]),
    quietHours: QuietHours.nullable(),
    heartbeatMs: z.int().min(10_000).max(DAY_MS),
    allowNetworks: z.array(Range).max(50),
  })
  .partial()
  .openapi("AlertSettingsChange");

export const Channel = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(channelKinds),
    settings: Settings,
    secrets: z.array(SecretInfoSchema).readonly(),
    leastSeverity: Severity,
    enabled: z.boolean(),
    managedBy: z.enum(["console", "file"]),
    sent: z.int(),
    failed: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .openapi("AlertChannel");

const Problem = z.object({
  key: z.string(),
  rule: z.enum(Rules),
  severity: Severity,
  title: z.string(),
  state: z.string(),
  collectorId: z.string().optional(),
  collector: z.string().optional(),
  dataSources: z.array(z.string()).readonly(),
  destinationId: z.string().optional(),
  destination: z.string().optional(),
  reason: z.string(),
  action: z.string().optional(),
  since: Instant,
  notifiedAt: Instant.optional(),
});

const Sent = z.object({
  id: z.string(),
  channel: z.string(),
  kind: z.enum(["problem", "changed", "reminder", "resolved", "test"]),
  title: z.string(),
  severity: Severity,
  state: z.enum(["pending", "sent", "given_up"]),
  attempts: z.int(),
  error: z.string().optional(),
  createdAt: Instant,
  endedAt: Instant.optional(),
});

export const Alerts = z
  .object({
    channels: z.array(Channel).readonly(),
    rules: z
      .array(z.object({ name: z.enum(Rules), title: z.string(), description: z.string(), ...RuleSettings.shape }))
      .readonly(),
    reminderMs: z.int(),
    quietHours: QuietHours.optional(),
    allowNetworks: z.array(z.string()).readonly(),
    heartbeat: z.object({
      address: SecretInfoSchema.optional(),
      intervalMs: z.int(),
      beatAt: Instant.optional(),
      error: z.string().optional(),
    }),
    problems: z.array(Problem).readonly(),
    deliveries: z.array(Sent).readonly(),
  })
  .openapi("Alerts");

export const NewChannelBody = z
  .strictObject({
    name: z.string().max(200),
    kind: z.enum(channelKinds),
    settings: Settings,
    leastSeverity: Severity.optional(),
    enabled: z.boolean().optional(),
  })
  .openapi("NewAlertChannel");

export const ChannelChangeBody = NewChannelBody.omit({ kind: true }).partial().openapi("AlertChannelChange");

/** `signingSecret` is told where one was made here, and only this once. */
export const SavedChannel = z
  .object({ channel: Channel, signingSecret: z.string().optional() })
  .openapi("SavedAlertChannel");
export const TestResult = z
  .object({
    ok: z.boolean(),
    reason: z.string().optional(),
    message: z.string().optional(),
    action: z.string().optional(),
  })
  .openapi("AlertTest");
