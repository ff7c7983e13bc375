import { type Collector, type CollectorPlan, collectorDefaults } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";

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

/** A plan of this connector for the engine: its first data source, but for what is changed. */
export const aPlan = (connector: Connector, given: unknown, change: Partial<Collector> = {}): CollectorPlan => ({
  collector: aCollector({
    id: "col_test",
    name: "test",
    connector: connector.name,
    dataSources: connector.dataSources.slice(0, 1).map(({ name }) => name),
    ...change,
  }),
  site: undefined,
  settings: connector.settings.parse(given),
  settingsError: undefined,
});
