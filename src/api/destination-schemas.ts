// What the API says of destinations, and takes.
import { z } from "@hono/zod-openapi";
import { formatNames } from "../model/outgoing.ts";
import { EventFilter, Masking } from "../model/shaping.ts";
import { SettingFieldSchema } from "./connectors.ts";
import { GivenDuration, Instant, SecretInfoSchema, Settings } from "./schemas.ts";

export const DestinationKindSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    group: z.string(),
    settings: z.array(SettingFieldSchema).readonly(),
    address: z.array(z.string()).readonly(),
    formats: z.array(z.object({ name: z.string(), title: z.string(), description: z.string() })).readonly(),
    guarantee: z.enum(["idempotent", "deduplicated_for_a_while", "at_least_once", "unacknowledged"]),
    guaranteeNote: z.string(),
    limits: z.object({ events: z.int(), bytes: z.int(), eventBytes: z.int().optional() }),
    ordered: z.boolean(),
  })
  .openapi("DestinationKind");

const Problem = z.object({
  code: z.string(),
  reason: z.string().optional(),
  message: z.string(),
  action: z.string().optional(),
  since: z.string(),
});

const Answer = z.object({
  at: Instant,
  durationMs: z.number(),
  events: z.int(),
  bytes: z.number(),
  outcome: z.enum(["taken", "partly", "refused", "retry", "halt"]),
  detail: z.string().optional(),
});

/** `starting`: the engine has not said anything yet. */
export const deliveryPhases = [
  "idle",
  "delivering",
  "waiting",
  "retrying",
  "halted",
  "paused",
  "unusable",
  "starting",
] as const;

/** Where a destination stands. Counts are of live delivery, replays apart. */
export const DestinationStatus = z
  .object({
    phase: z.enum(deliveryPhases),
    problem: Problem.optional(),
    circuit: z.enum(["closed", "open", "trying"]),
    nextAttemptAt: Instant.optional(),
    /** Collected and not yet settled. */
    pending: z.int(),
    oldestPendingAt: Instant.optional(),
    delivered: z.int(),
    filtered: z.int(),
    withdrawn: z.int(),
    deadLetters: z.int(),
    eventsPerSecond: z.number(),
    bytesPerSecond: z.number(),
    latencyP95Ms: z.number().optional(),
    answers: z.array(Answer).readonly(),
    collectors: z
      .array(z.object({ id: z.string(), name: z.string(), pending: z.int(), oldestPendingAt: Instant.optional() }))
      .readonly(),
  })
  .openapi("DestinationStatus");

export const DestinationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    settings: Settings,
    secrets: z.array(SecretInfoSchema).readonly(),
    format: z.enum(formatNames),
    filter: EventFilter.optional(),
    masking: Masking.optional(),
    collectorIds: z.array(z.string()).readonly().optional(),
    from: z.enum(["start", "now"]),
    maxBatchEvents: z.int().optional(),
    maxBatchBytes: z.int().optional(),
    maxAgeMs: z.int().optional(),
    paused: z.boolean(),
    managedBy: z.enum(["console", "file"]),
    createdAt: Instant,
    updatedAt: Instant,
    status: DestinationStatus,
  })
  .openapi("Destination");

const shape = {
  name: z.string().min(1).max(100),
  settings: Settings,
  format: z.enum(formatNames).optional(),
  filter: EventFilter.nullable().optional(),
  masking: Masking.nullable().optional(),
  collectorIds: z.array(z.string().min(1).max(100)).max(1_000).nullable().optional(),
  from: z.enum(["start", "now"]).optional(),
  maxBatchEvents: z.int().min(1).max(100_000).nullable().optional(),
  maxBatchBytes: z.int().min(1_000).max(100_000_000).nullable().optional(),
  maxAge: GivenDuration.nullable().optional(),
  paused: z.boolean().optional(),
};

export const NewDestinationBody = z.strictObject({ kind: z.string().min(1).max(100), ...shape });
export const DestinationChangeBody = z.strictObject(shape).partial();
export const CheckBody = z.strictObject({
  kind: z.string(),
  settings: Settings,
  format: z.enum(formatNames).optional(),
  /** Secrets that the form does not carry are taken from it, if the address is the same. */
  destinationId: z.string().optional(),
});

export const PreviewBody = z.strictObject({
  format: z.enum(formatNames),
  filter: EventFilter.nullable().optional(),
  masking: Masking.nullable().optional(),
  collectorIds: z.array(z.string()).nullable().optional(),
  /** Pseudonyms are made with its key. */
  destinationId: z.string().optional(),
  /** Events shown. */
  show: z.int().min(1).max(20).default(5),
});

export const PreviewAnswer = z
  .object({
    events: z
      .array(
        z.object({
          seq: z.int(),
          collector: z.string(),
          dataSource: z.string(),
          type: z.string(),
          time: z.string(),
          before: z.string(),
          outcome: z.enum(["sent", "kept_back", "unmaskable"]),
          after: z.string().optional(),
          bytes: z.int().optional(),
        }),
      )
      .readonly(),
    /** Of the newest events looked at. */
    sampled: z.int(),
    keptBack: z.int(),
    /** Estimated from the last day and the sample. */
    eventsPerDay: z.number(),
    bytesPerDay: z.number(),
  })
  .openapi("DeliveryPreview");

export const DeadLetterSchema = z
  .object({
    id: z.int(),
    seq: z.int(),
    key: z.string(),
    eventId: z.string(),
    type: z.string(),
    collectorId: z.string(),
    reason: z.string(),
    answer: z.string(),
    at: Instant,
    attempts: z.int(),
    state: z.enum(["dead", "again", "delivered", "discarded"]),
    by: z.string().optional(),
  })
  .openapi("DeadLetter");

export const ReplaySchema = z
  .object({
    id: z.int(),
    collectorIds: z.array(z.string()).readonly(),
    dataSource: z.string().optional(),
    from: Instant.optional(),
    to: Instant.optional(),
    events: z.int(),
    delivered: z.int(),
    filtered: z.int(),
    dead: z.int(),
    state: z.enum(["running", "done", "cancelled"]),
    by: z.string(),
    at: Instant,
    endedAt: Instant.optional(),
  })
  .openapi("Replay");

export const ReceiptSchema = z
  .object({
    at: Instant,
    collectorId: z.string(),
    collected: z.int(),
    filtered: z.int(),
    delivered: z.int(),
    deadLettered: z.int(),
    withdrawn: z.int(),
    pending: z.int(),
    /** collected = filtered + delivered + dead-lettered + withdrawn + pending. */
    reconciles: z.boolean(),
  })
  .openapi("Receipt");
