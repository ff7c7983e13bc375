import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { fakeConnector } from "../testing/fake-connector.ts";
import { applyConfiguration } from "./apply-configuration.ts";
import type { Configuration, ConfiguredCollector } from "./configuration.ts";

let folder: string;
let control: ReturnType<typeof openControl>["control"];
let clock: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-apply-"));
  clock = Date.parse("2026-07-15T00:00:00Z");
  const now = () => new Date(clock++);
  ({ control } = openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "key"),
    now,
    randomBytes,
  }));
});
afterEach(() => {
  control.close();
  rmSync(folder, { recursive: true });
});

const aCollector = (change: Partial<ConfiguredCollector> = {}): ConfiguredCollector => ({
  name: "prod",
  connector: "acme",
  settings: { workspace: "w1" },
  secrets: { token: "sk-canary-1" },
  dataSources: ["audit-log"],
  site: "hq",
  timezone: "UTC",
  start: undefined,
  pollIntervalMs: 60_000,
  overlapMs: 86_400_000,
  requestsPerMinute: "auto",
  retentionDays: undefined,
  paused: undefined,
  ...change,
});

const aFile = (...collectors: ConfiguredCollector[]): Configuration => ({
  file: "c.yaml",
  sites: [{ name: "hq" }],
  collectors,
  destinations: [],
  alerts: undefined,
  warnings: [],
});

const apply = (file: Configuration) => applyConfiguration(control, file, [fakeConnector]);

const nothing = { created: [], updated: [], released: [] };

test("a new collector comes with its site and its secret, managed by the file", () => {
  const applied = apply(aFile(aCollector()));

  const [collector] = control.collectors();
  expect(applied).toEqual({ ...nothing, created: ["prod"] });
  expect(collector).toMatchObject({ name: "prod", managedBy: "file", paused: false, siteId: control.sites()[0]?.id });
  expect(control.settingsWithSecrets({ collectorId: collector!.id })).toEqual({
    workspace: "w1",
    token: "sk-canary-1",
  });
});

test("the same file again changes nothing, not even when the secret was set", () => {
  apply(aFile(aCollector()));
  const before = { collectors: control.collectors(), secrets: control.secrets(control.collectors()[0]!.id) };

  const applied = apply(aFile(aCollector()));

  expect(applied).toEqual(nothing);
  expect({ collectors: control.collectors(), secrets: control.secrets(control.collectors()[0]!.id) }).toEqual(before);
});

test("what the file changes is changed, in settings and in secrets", () => {
  apply(aFile(aCollector()));

  const changed = aCollector({
    settings: { workspace: "w1", base_url: "https://eu.acme.example" },
    secrets: { token: "sk-canary-2" },
  });
  const applied = apply(aFile(changed));

  const [collector] = control.collectors();
  expect(applied.updated).toEqual(["prod"]);
  expect(control.settingsWithSecrets({ collectorId: collector!.id })).toEqual({
    workspace: "w1",
    base_url: "https://eu.acme.example",
    token: "sk-canary-2",
  });
});

test("a collector that left the file is paused and left to the console, and comes back running", () => {
  apply(aFile(aCollector()));
  const { id } = control.collectors()[0]!;

  const left = apply(aFile());
  const released = control.collector(id);
  const back = apply(aFile(aCollector()));

  expect(left.released).toEqual(["prod"]);
  expect(released).toMatchObject({ paused: true, managedBy: "console" });
  expect(back.updated).toEqual(["prod"]);
  expect(control.collector(id)).toMatchObject({ paused: false, managedBy: "file" });
});

test("what a person paused in the console stays paused, unless the file says otherwise", () => {
  apply(aFile(aCollector()));
  const { id } = control.collectors()[0]!;
  control.updateCollector(id, { paused: true, pausedDataSources: ["audit-log"] });

  const applied = apply(aFile(aCollector()));
  const kept = control.collector(id);
  apply(aFile(aCollector({ paused: false })));

  expect(applied).toEqual(nothing);
  expect(kept).toMatchObject({ paused: true, pausedDataSources: ["audit-log"] });
  expect(control.collector(id)).toMatchObject({ paused: false });
});

test("a collector of the console with the name, in other letters, becomes the file's and keeps its id", () => {
  const { site: _, secrets, ...made } = aCollector({ name: "PROD" });
  const { id } = control.createCollector(
    { ...made, siteId: undefined, paused: false, pausedDataSources: [], managedBy: "console" },
    secrets,
  );

  apply(aFile(aCollector()));

  expect(control.collectors().map((collector) => [collector.id, collector.name])).toEqual([[id, "prod"]]);
});

test("a collector of another connector gives up the name and keeps everything else", () => {
  apply(aFile(aCollector()));
  const { id } = control.collectors()[0]!;

  apply(aFile(aCollector({ connector: "other" })));

  expect(control.collector(id)).toMatchObject({
    name: "prod (2)",
    connector: "acme",
    paused: true,
    managedBy: "console",
  });
  expect(control.collectors().find(({ name }) => name === "prod")).toMatchObject({
    connector: "other",
    managedBy: "file",
  });
});

test("another workspace under a known name is refused before anything is changed", () => {
  apply(aFile(aCollector()));
  const other = aCollector({ settings: { workspace: "w2" } });

  expect(() => apply(aFile(aCollector({ name: "new" }), other))).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      reason: "target_changed",
      message: "c.yaml: workspace of the collector prod cannot be changed",
      action: expect.stringContaining("another name"),
    }),
  );
  expect(control.collectors().map(({ name, settings }) => [name, settings])).toEqual([["prod", { workspace: "w1" }]]);
});

test("another workspace under another name is a new collector, and the earlier one is kept", () => {
  apply(aFile(aCollector()));

  const applied = apply(aFile(aCollector({ name: "prod-2", settings: { workspace: "w2" } })));

  expect(applied).toEqual({ ...nothing, created: ["prod-2"], released: ["prod"] });
});
