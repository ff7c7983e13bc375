// What stands in the way of a collector, as rows with a type, a code and what to do.
import type { z } from "@hono/zod-openapi";
import type { CollectorPlan } from "../model/collector.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Gap, StoredQuarantine } from "../model/store.ts";
import type { CollectorErrorSchema } from "./collector-schemas.ts";
import type { DataSourceStatus } from "./data-source-status.ts";

type ShownError = NonNullable<DataSourceStatus["error"]>;
export type CollectorErrorRow = z.infer<typeof CollectorErrorSchema>;

/** The gravest kinds first: configuration and credential, then connection, files, lines, gaps. */
export function collectorErrors(
  plan: CollectorPlan,
  sources: readonly DataSourceStatus[],
  gaps: readonly Gap[],
  quarantine: readonly StoredQuarantine[],
  now: Date,
): CollectorErrorRow[] {
  return [
    ...configurationErrors(plan, now),
    ...sources.flatMap(sourceErrors),
    ...sources.flatMap(fileErrors),
    ...quarantine.map(lineError),
    ...gaps.map(gapError),
  ];
}

function configurationErrors({ collector, settingsError }: CollectorPlan, now: Date): CollectorErrorRow[] {
  if (settingsError === undefined) return [];
  return collector.dataSources.map((dataSource) => ({
    dataSource,
    type: "configuration" as const,
    code: "config_invalid",
    ...settingsError,
    since: collector.updatedAt,
    at: now.toISOString(),
    count: 1,
    acknowledged: false,
    docs: docsOf(settingsError.reason),
  }));
}

const typeOf: Readonly<Record<ErrorCode, CollectorErrorRow["type"]>> = {
  config_invalid: "configuration",
  auth_failed: "credential",
  rate_limited: "connection",
  unavailable: "connection",
  rejected: "configuration",
  protocol: "connection",
  storage: "storage",
  fenced: "storage",
};

const sourceErrors = ({ name, error }: DataSourceStatus): CollectorErrorRow[] =>
  error === undefined ? [] : [{ ...recorded(name, error), type: typeOf[error.code] }];

const fileErrors = ({ name, holes }: DataSourceStatus): CollectorErrorRow[] =>
  holes.flatMap(({ fileId, error, state }) =>
    error === undefined || (state !== "quarantined" && error.count < 2)
      ? []
      : [{ ...recorded(name, error), type: "file" as const, fileId }],
  );

const recorded = (dataSource: string, { code, reason, message, action, since, at, count }: ShownError) => ({
  dataSource,
  code,
  reason,
  message,
  action,
  since,
  at,
  count,
  acknowledged: false,
  docs: docsOf(reason ?? code),
});

const lineError = ({
  id,
  dataSource,
  fileId,
  line,
  reason,
  at,
  acknowledgedAt,
}: StoredQuarantine): CollectorErrorRow => ({
  dataSource,
  type: "line",
  code: "quarantined",
  reason,
  message: line === 0 ? "A file was set aside" : `Line ${line} of a file could not be read and was set aside`,
  action: "Look at it, then acknowledge it; its bytes are kept.",
  since: at,
  at,
  count: 1,
  fileId,
  id,
  acknowledged: acknowledgedAt !== undefined,
  docs: docsOf("quarantined"),
});

const gapError = (gap: Gap): CollectorErrorRow => ({
  dataSource: gap.dataSource,
  type: "gap",
  code: "gap",
  reason: gap.reason,
  message: gapSentences[gap.reason],
  action: "Acknowledge it once it has been looked into; it stays on record.",
  since: gap.recordedAt,
  at: gap.recordedAt,
  count: Math.max(1, gap.files),
  fileId: gap.fileId,
  id: gap.id,
  acknowledged: gap.acknowledgedAt !== undefined,
  docs: docsOf(gap.reason),
});

const gapSentences: Readonly<Record<Gap["reason"], string>> = {
  expired_upstream: "Upstream no longer has a file that it had listed",
  stopped_too_long: "Collection stood still for longer than upstream keeps its files",
  suspected: "A page of the listing would not move and was stepped over",
};

const docsOf = (code: string) => `errors#${code}`;
