import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenControl, openControl } from "../control/open-control.ts";
import { aCollector } from "../testing/a-collector.ts";
import { applyDestinations } from "./apply-destinations.ts";
import type { ConfiguredDestination } from "./configuration.ts";

let folder: string;
let opened: OpenControl;
let clock: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-apply-"));
  clock = Date.parse("2026-07-15T00:00:00Z");
  opened = openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "key"),
    now: () => new Date(clock++),
    randomBytes,
  });
});
afterEach(() => {
  opened.control.close();
  rmSync(folder, { recursive: true });
});

const aDestination = (change: Partial<ConfiguredDestination> = {}): ConfiguredDestination => ({
  name: "soc",
  kind: "splunk-hec",
  settings: { url: "https://splunk.example:8088" },
  secrets: { token: "sk-canary-1" },
  format: "raw",
  filter: undefined,
  masking: undefined,
  from: "start",
  maxBatchEvents: undefined,
  maxBatchBytes: undefined,
  maxAgeMs: undefined,
  collectors: undefined,
  paused: undefined,
  ...change,
});

const apply = (...wanted: ConfiguredDestination[]) =>
  applyDestinations(opened.destinations, wanted, opened.control.collectors());
const all = () => opened.destinations.destinations();
const settingsOf = (id: string) => opened.destinations.destinationSettings(id);

test("a new destination comes with its secret and is managed by the file, once", () => {
  apply(aDestination());
  const [first] = all();
  apply(aDestination());

  expect(all()).toMatchObject([{ id: first!.id, name: "soc", managedBy: "file", paused: false }]);
  expect(settingsOf(first!.id)).toEqual({ url: "https://splunk.example:8088", token: "sk-canary-1" });
});

test("names of collectors become ids, in whatever case, and none stands for all", () => {
  const { id: _, createdAt: _created, updatedAt: _updated, ...collector } = aCollector({ name: "Prod" });
  const { id } = opened.control.createCollector(collector, {});

  apply(aDestination({ collectors: ["prod"] }), aDestination({ name: "lake" }));

  expect(all().map(({ name, collectorIds }) => [name, collectorIds])).toEqual([
    ["lake", undefined],
    ["soc", [id]],
  ]);
});

test("one of the console with that name becomes the file's under its own id, with the file's secret and address", () => {
  const { collectors: _, secrets, ...facts } = aDestination({ name: "SOC", settings: { url: "https://old.example" } });
  const own = { ...facts, collectorIds: undefined, paused: true, managedBy: "console" } as const;
  const { id } = opened.destinations.createDestination(own, { ...secrets, token: "sk-canary-old" });

  apply(aDestination());

  expect(all()).toMatchObject([{ id, name: "soc", managedBy: "file", paused: false }]);
  expect(settingsOf(id)).toEqual({ url: "https://splunk.example:8088", token: "sk-canary-1" });
});

test("what the console paused stays paused, unless the file says otherwise", () => {
  apply(aDestination());
  opened.destinations.updateDestination(all()[0]!.id, { paused: true }, {}, () => []);

  apply(aDestination());
  const kept = all()[0]!.paused;
  apply(aDestination({ paused: false }));

  expect([kept, all()[0]!.paused]).toEqual([true, false]);
});

test("one that has left the file is paused and the console's, and deletable only then", () => {
  apply(aDestination());
  const { id } = all()[0]!;
  expect(() => opened.destinations.deleteDestination(id)).toThrow(/managed by the configuration file/);

  apply();
  expect(all()).toMatchObject([{ id, managedBy: "console", paused: true }]);

  opened.destinations.deleteDestination(id);
  expect(all()).toEqual([]);
});
