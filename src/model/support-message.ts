import type { Collector } from "./collector.ts";
import type { DataSourceState } from "./store.ts";
import { instantUs, isoFromUs } from "./time.ts";

export interface SupportCase {
  readonly collector: Collector;
  readonly state: DataSourceState;
  /** What upstream calls the data source. */
  readonly upstreamType: string;
  /** One sentence. */
  readonly observed: string;
  readonly now: Date;
}

/**
 * What to send to upstream's support: ids, times in UTC and codes. Never the key, content, nor what upstream's own error texts
 * quote, for they may hold either.
 */
export function supportMessage({ collector, state, upstreamType, observed, now }: SupportCase): string {
  const { error, upstreamNewest } = state;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Workspace ID", idOf(collector.settings.workspace_id)],
    ["Organization ID", idOf(collector.settings.organization_id)],
    ["Event type", upstreamType],
    ["Observed", observed],
    ["Newest event received", utc(state.newestEvent)],
    [
      "Newest event that the API reports",
      upstreamNewest && `${utc(upstreamNewest.time)}, asked ${utc(upstreamNewest.askedAt)}`,
    ],
    ["Last listing read whole", utc(state.scannedTo)],
    ["Last request that went well", utc(state.lastSuccessAt)],
    ["First failing request", error && `${utc(error.since)} (${codeOf(error)})`],
    ["Latest failing request", error && `${utc(error.at)}, ${error.count} in all`],
    ["Written at", utc(now.toISOString())],
  ];
  return [
    `Subject: Compliance API: no new ${upstreamType} data`,
    "",
    "Hello,",
    "",
    "the collection of our compliance logs from your Compliance API is delayed or interrupted on the API's side. Please confirm",
    "whether the Compliance API is running correctly for our workspace, and investigate and remedy the delay or interruption.",
    "",
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
    "",
    "Files are kept for 30 days only. Please tell us when the missing files will be available, and whether any are lost.",
    "",
    "Thank you",
  ].join("\n");
}

/** `2026-07-15 11:00:00 UTC`; `none` without one. */
export function utc(instant: string | undefined): string {
  const us = instant === undefined ? undefined : instantUs(instant);
  if (us === undefined) return "none";
  return `${isoFromUs(us).slice(0, 19).replace("T", " ")} UTC`;
}

/** An id has no blanks; what else stands in a setting of that name is not given out. */
const idOf = (value: unknown) => (typeof value === "string" && /^[\w-]{1,80}$/.test(value) ? value : undefined);

const codeOf = ({ code, reason, status }: NonNullable<DataSourceState["error"]>) =>
  [status, code, reason].filter((part) => part !== undefined).join(", ");
