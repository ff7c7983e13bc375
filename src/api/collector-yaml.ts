import { stringify } from "yaml";
import type { Collector } from "../model/collector.ts";
import type { ApiDeps } from "./deps.ts";
import { durationText } from "./durations.ts";

/** The collector as an entry of the configuration file. A secret stands as `${env:NAME}`, for it is not given out. */
export function exportYaml({ control }: Pick<ApiDeps, "control">, collector: Collector): string {
  const site = control.sites().find(({ id }) => id === collector.siteId)?.name;
  const secrets = control
    .secrets(collector.id)
    .map(({ name }) => [name, `\${env:${variableOf(collector.name, name)}}`]);
  const entry = {
    name: collector.name,
    connector: collector.connector,
    settings: { ...Object.fromEntries(secrets), ...collector.settings },
    data_sources: collector.dataSources,
    site,
    timezone: collector.timezone,
    start: collector.start,
    poll_interval: durationText(collector.pollIntervalMs),
    overlap: durationText(collector.overlapMs),
    requests_per_minute: collector.requestsPerMinute,
    retention: collector.retentionDays === undefined ? undefined : `${collector.retentionDays}d`,
  };
  const given = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
  return stringify({ ...(site !== undefined && { sites: [{ name: site }] }), collectors: [given] });
}

/** `chatgpt-prod` and `token` give CHATGPT_PROD_TOKEN. */
const variableOf = (collector: string, secret: string) =>
  `${collector}_${secret}`
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^(?=\d)/, "_");
