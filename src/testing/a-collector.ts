import { type Collector, collectorDefaults } from "../model/collector.ts";

/** An installed collector that runs. */
export const aCollector = (change: Partial<Collector> = {}): Collector => ({
  ...collectorDefaults,
  id: "col_1",
  name: "acme-prod",
  connector: "acme",
  settings: {},
  dataSources: ["messages"],
  pausedDataSources: [],
  siteId: undefined,
  timezone: undefined,
  start: undefined,
  retentionDays: undefined,
  paused: false,
  managedBy: "console",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  ...change,
});
