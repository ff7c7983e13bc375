import { z } from "@hono/zod-openapi";
import { errorCodes } from "../model/errors.ts";
import {
  GivenDuration,
  GivenInstant,
  GivenTimezone,
  HealthFields,
  Instant,
  SecretInfoSchema,
  Settings,
  Volume,
} from "./schemas.ts";

export const RecordedErrorSchema = z
  .object({
    code: z.enum(errorCodes),
    reason: z.string().optional(),
    message: z.string(),
    action: z.string().optional(),
    status: z.int().optional(),
    since: Instant,
    at: Instant,
    count: z.int(),
  })
  .openapi("RecordedError");

const HoleSchema = z.object({
  fileId: z.string(),
  endTime: z.string(),
  error: RecordedErrorSchema.optional(),
  attempts: z.int(),
  retryAt: Instant.optional(),
  state: z.enum(["pending", "done", "quarantined", "expired"]),
});

const GapSchema = z
  .object({
    id: z.int(),
    collectorId: z.string(),
    dataSource: z.string(),
    from: z.string(),
    to: z.string(),
    reason: z.enum(["expired_upstream", "stopped_too_long", "suspected"]),
    files: z.int(),
    fileId: z.string().optional(),
    recordedAt: Instant,
    acknowledgedAt: Instant.optional(),
    acknowledgedBy: z.string().optional(),
  })
  .openapi("Gap");

const CountsSchema = z.object({
  events: z.number(),
  bytes: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  quarantined: z.number(),
  filesDone: z.number(),
  filesPending: z.number(),
});

const BacklogSchema = z
  .object({
    filesDone: z.int(),
    filesListed: z.int(),
    bytesLeft: z.number(),
    filesPerMinute: z.number().optional(),
    bytesPerSecond: z.number().optional(),
    eventsPerSecond: z.number().optional(),
    secondsLeft: z.number().optional(),
    endsAt: Instant.optional(),
  })
  .openapi("Backlog");

export const RewindSchema = z
  .object({
    id: z.int(),
    to: z.string(),
    from: z.string().optional(),
    requestedAt: Instant,
    requestedBy: z.string(),
    phase: z.enum(["requested", "rereading", "done", "cancelled"]),
    again: z.object({
      files: z.int(),
      bytes: z.number(),
      done: z.int(),
      failed: z.int(),
      inserted: z.int(),
    }),
  })
  .openapi("Rewind");

export const DataSourceStatusSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    upstreamType: z.string(),
    ...HealthFields,
    paused: z.boolean(),
    cursor: z.string().optional(),
    completeThrough: z.string().optional(),
    newestEvent: z.string().optional(),
    lastIngestedAt: Instant.optional(),
    lagSeconds: z.number().optional(),
    pending: z.int(),
    pendingBytes: z.number(),
    holes: z.array(HoleSchema).readonly(),
    gaps: z.array(GapSchema).readonly(),
    counts: CountsSchema,
    error: RecordedErrorSchema.optional(),
    claimMovedBack: z.int(),
    activity: z
      .object({
        phase: z.enum(["waiting", "scanning", "fetching", "backing_off", "stopped"]),
        nextScanAt: Instant.optional(),
        filesInWork: z.int(),
        requestsPerMinute: z.number(),
      })
      .optional(),
    backlog: BacklogSchema.optional(),
    rewind: RewindSchema.optional(),
  })
  .openapi("DataSourceStatus");

export const CollectorRowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    connector: z.string(),
    connectorTitle: z.string(),
    vendor: z.string(),
    ...HealthFields,
    paused: z.boolean(),
    managedBy: z.enum(["console", "file"]),
    site: z.object({ id: z.string(), name: z.string() }).optional(),
    timezone: z.string().optional(),
    dataSources: z.int(),
    volumeLastDay: Volume,
    lastReceivedAt: Instant.optional(),
    sparkline: z.array(z.number()).readonly(),
    lagSeconds: z.number().optional(),
    completeThrough: z.string().optional(),
    completeShare: z.number(),
    pendingFiles: z.int(),
    backlog: BacklogSchema.optional(),
    lost: z.boolean(),
  })
  .openapi("CollectorRow");

export const CollectorErrorSchema = z
  .object({
    dataSource: z.string(),
    type: z.enum(["connection", "credential", "file", "line", "gap", "storage", "configuration"]),
    code: z.string(),
    reason: z.string().optional(),
    message: z.string(),
    action: z.string().optional(),
    since: Instant,
    at: Instant,
    count: z.int(),
    fileId: z.string().optional(),
    id: z.int().optional(),
    acknowledged: z.boolean(),
    docs: z.string(),
  })
  .openapi("CollectorError");

export const CollectorDetailSchema = CollectorRowSchema.extend({
  settings: Settings,
  secrets: z.array(SecretInfoSchema).readonly(),
  start: z.string().optional(),
  pollInterval: z.string(),
  overlap: z.string(),
  requestsPerMinute: z.union([z.number(), z.literal("auto")]),
  retentionDays: z.int().optional(),
  createdAt: Instant,
  updatedAt: Instant,
  sources: z.array(DataSourceStatusSchema).readonly(),
  errors: z.array(CollectorErrorSchema).readonly(),
}).openapi("CollectorDetail");

export const SavedCollector = z
  .object({ collector: CollectorDetailSchema, warnings: z.array(z.string()).readonly() })
  .openapi("SavedCollector");

const Name = z.string().max(200);
const DataSources = z.array(z.string().min(1).max(100)).min(1, { error: "Choose at least one data source" }).max(100);

const optional = {
  pollInterval: GivenDuration.optional(),
  overlap: GivenDuration.optional(),
  requestsPerMinute: z.union([z.literal("auto"), z.number().positive().max(100_000)]).optional(),
};
const RetentionDays = z.int().min(1).max(36_500);

export const NewCollectorBody = z
  .strictObject({
    name: Name,
    connector: z.string(),
    settings: Settings,
    dataSources: DataSources,
    siteId: z.string().nullish(),
    timezone: GivenTimezone.nullish(),
    start: GivenInstant.nullish(),
    ...optional,
    retentionDays: RetentionDays.nullish(),
    draftId: z.string().optional(),
    acceptWarnings: z.boolean().optional(),
  })
  .openapi("NewCollector");

export const CollectorChangeBody = z
  .strictObject({
    name: Name.optional(),
    settings: Settings.optional(),
    dataSources: DataSources.optional(),
    siteId: z.string().nullable().optional(),
    timezone: GivenTimezone.nullable().optional(),
    start: GivenInstant.nullable().optional(),
    ...optional,
    retentionDays: RetentionDays.nullable().optional(),
    paused: z.boolean().optional(),
    acceptWarnings: z.boolean().optional(),
  })
  .openapi("CollectorChange");
