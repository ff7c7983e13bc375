import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Connector, DataSource } from "../model/connector.ts";
import type { Destination } from "../model/destination.ts";
import { nearest } from "./nearest.ts";
import { problemsOf, renderProblem } from "./problems.ts";
import { readConfiguration } from "./read-configuration.ts";

const source = (name: string, upstreamType: string) => ({ name, upstreamType }) as DataSource;
const sources = [source("conversations", "MESSAGE"), source("audit-log", "AUDIT_LOG"), source("auth-log", "AUTH_LOG")];

const A_KEY = "expected a key of at least 8 characters";

// A made-up connector that, like the real one, takes any upstream name beside those it knows.
const acme = {
  name: "acme-suite",
  title: "Acme Suite",
  settings: z.object({
    token: z.string().min(8, { error: "expected a key of at least 8 characters" }).meta({ secret: true }),
    workspace_id: z.string({ error: "expected a text; put it in quotes" }),
    base_url: z.url({ error: "expected an address" }).optional(),
  }),
  dataSources: sources,
  resolve: (name: string) =>
    sources.find((known) => known.name === name || known.upstreamType === name) ??
    (nearest(name, ["conversations", "audit-log", "auth-log"]) === undefined && /^[A-Za-z_-]+$/.test(name)
      ? source(name, name.toUpperCase().replaceAll("-", "_"))
      : undefined),
  target: (settings: { workspace_id: string }) => `workspace:${settings.workspace_id}`,
} as unknown as Connector;

const acmeSiem = {
  name: "acme-siem",
  title: "Acme SIEM",
  settings: z.strictObject({
    url: z.url({ error: "expected an address" }),
    token: z.string({ error: A_KEY }).min(8, { error: A_KEY }).meta({ secret: true }),
  }),
  formats: ["raw", "ecs"],
} as unknown as Destination;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = { ACME_TOKEN: "sk-canary-1234", EMPTY: "" };

function read(text: string | Uint8Array) {
  writeFileSync(join(folder, "c.yaml"), text);
  return readConfiguration(join(folder, "c.yaml"), { env, connectors: [acme], destinations: [acmeSiem] });
}

/** The problems of a file as they are printed, without its folder. */
function problems(text: string | Uint8Array): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (problemsOf(error).length === 0) throw error;
    return problemsOf(error).map((problem) => renderProblem(problem).replaceAll(`${folder}/`, ""));
  }
}

const destination = `destinations:
  - name: siem
    destination: acme-siem
    settings:
      url: https://siem.example
      token: \${env:ACME_TOKEN}
`;

const collector = `collectors:
  - name: prod
    connector: acme-suite
    settings:
      token: \${env:ACME_TOKEN}
      workspace_id: ws-1
    data_sources: [conversations, audit-log]
`;

test("a whole file becomes a configuration with every default filled in and secrets kept apart", () => {
  const text = `sites: [{ name: hq }]\n${collector}    site: hq\n    timezone: Europe/Berlin\n    poll_interval: 1m30s\n`;

  const configuration = read(text);

  expect(configuration.sites).toEqual([{ name: "hq" }]);
  expect(configuration.collectors).toEqual([
    {
      name: "prod",
      connector: "acme-suite",
      settings: { workspace_id: "ws-1" },
      secrets: { token: "sk-canary-1234" },
      dataSources: ["conversations", "audit-log"],
      site: "hq",
      timezone: "Europe/Berlin",
      start: undefined,
      pollIntervalMs: 90_000,
      overlapMs: 86_400_000,
      requestsPerMinute: "auto",
      retentionDays: undefined,
      paused: undefined,
    },
  ]);
  expect(configuration.warnings).toEqual([]);
});

test("a destination becomes one with its defaults, its secrets kept apart", () => {
  const more = `    collectors: [prod]
    format: ecs
    filter: { types: [LOGIN], fields: [{ field: actor.type, equals: [USER] }] }
    masking: { metadata_only: true, mask: [client.ip] }
    from: now
    max_batch_events: 10
    max_batch_bytes: 5000
    max_age: 5s
    paused: true
`;

  const [plain] = read(destination).destinations;
  const [whole] = read(collector + destination + more).destinations;

  const common = {
    name: "siem",
    kind: "acme-siem",
    settings: { url: "https://siem.example" },
    secrets: { token: "sk-canary-1234" },
  };
  const unset = { filter: undefined, masking: undefined, collectors: undefined, paused: undefined };
  const limits = { maxBatchEvents: undefined, maxBatchBytes: undefined, maxAgeMs: undefined };
  expect(plain).toEqual({ ...common, format: "raw", from: "start", ...unset, ...limits });
  expect(whole).toEqual({
    ...common,
    format: "ecs",
    filter: { types: ["LOGIN"], fields: [{ field: "actor.type", equals: ["USER"] }] },
    masking: { metadata_only: true, mask: ["client.ip"] },
    from: "now",
    maxBatchEvents: 10,
    maxBatchBytes: 5_000,
    maxAgeMs: 5_000,
    collectors: ["prod"],
    paused: true,
  });
});

test("a file's text is put in without its last line end, from beside the configuration", () => {
  writeFileSync(join(folder, "key"), "sk-from-file\r\n");

  const { collectors } = read(collector.replace("env:ACME_TOKEN", "file:key"));

  expect(collectors[0]?.secrets).toEqual({ token: "sk-from-file" });
});

test("an upstream name that no data source has is collected by that name", () => {
  const { collectors } = read(collector.replace("audit-log", "NEW_KIND_OF_LOG"));

  expect(collectors[0]?.dataSources).toEqual(["conversations", "NEW_KIND_OF_LOG"]);
});

test("two collectors on one workspace and a secret in the file are warned of, not refused", () => {
  const second = collector
    .replace("collectors:\n", "")
    .replace("prod", "again")
    .replace(`\${env:ACME_TOKEN}`, "sk-plain-secret");

  const { warnings } = read(collector + second);

  expect(warnings.map((warning) => `${warning.line}: ${warning.message}`)).toEqual([
    "11: token: the secret itself stands in this file",
    "13: 'prod' already collects 'conversations' of the same place: every event will be there twice",
    "13: 'prod' already collects 'audit-log' of the same place: every event will be there twice",
  ]);
});

describe("what is wrong is told with its line and the nearest right name:", () => {
  const replaced = (from: string, to: string) => collector.replace(from, to);
  const cases: readonly [string, string, readonly string[]][] = [
    [
      "an empty file",
      "",
      ["c.yaml:1:1 expected the sections sites, collectors, destinations and alerts; this file has none"],
    ],
    ["a tab", "collectors:\n\t- name: x\n", [expect.stringMatching(/^c\.yaml:2:1 this is not YAML: /) as string]],
    [
      "a key that stands twice",
      `${collector}    site: a\n    site: b\n`,
      ["c.yaml:9:5 this key stands here twice\n  Keep one of the two"],
    ],
    [
      "an unknown section",
      "collector: []\n",
      ["c.yaml:1:1 unknown key 'collector' in the file; did you mean 'collectors'?"],
    ],
    [
      "a section that is no list",
      "collectors: { name: x }\n",
      ["c.yaml:1:13 collectors: expected a list, each item beginning with a dash"],
    ],
    [
      "an unknown key",
      `${collector}    pol_interval: 60s\n`,
      ["c.yaml:8:5 unknown key 'pol_interval' in a collector; did you mean 'poll_interval'?"],
    ],
    [
      "an unknown setting",
      replaced("workspace_id: ws-1", "workspace_id: ws-1\n      worksapce: x"),
      [
        "c.yaml:7:7 unknown key 'worksapce' in the settings of Acme Suite; expected one of token, workspace_id, base_url",
      ],
    ],
    [
      "an unknown connector",
      replaced("acme-suite", "acme-siute"),
      ["c.yaml:3:16 unknown connector 'acme-siute'; did you mean 'acme-suite'?"],
    ],
    [
      "a misspelt data source",
      replaced("audit-log]", "audti-log]"),
      ["c.yaml:7:35 unknown data source 'audti-log'; did you mean 'audit-log'?"],
    ],
    [
      "a data source that cannot be",
      replaced("audit-log]", '"a b"]'),
      ["c.yaml:7:35 unknown data source 'a b'; expected one of conversations, audit-log, auth-log"],
    ],
    [
      "two names for one upstream type",
      replaced("audit-log]", "audit-log, AUDIT_LOG]"),
      [
        "c.yaml:7:46 'audit-log' and 'AUDIT_LOG' are two names for the one upstream type AUDIT_LOG\n  Keep one of the two",
      ],
    ],
    [
      "one data source twice",
      replaced("audit-log]", "conversations]"),
      ["c.yaml:7:35 the data source 'conversations' stands here twice"],
    ],
    ["an unknown site", `${collector}    site: hq\n`, ["c.yaml:8:11 unknown site 'hq'; there is none"]],
    [
      "a misspelt site",
      `sites: [{ name: berlin }]\n${collector}    site: belrin\n`,
      ["c.yaml:9:11 unknown site 'belrin'; did you mean 'berlin'?"],
    ],
    [
      "an unknown time zone",
      `${collector}    timezone: Europe/Berln\n`,
      [
        "c.yaml:8:15 timezone: expected an IANA time zone, such as Europe/Berlin or UTC (did you mean 'Europe/Berlin'?), got 'Europe/Berln'",
      ],
    ],
    [
      "a duration without a unit",
      `${collector}    poll_interval: 60\n`,
      ["c.yaml:8:20 poll_interval: expected a duration from 1s to 24h, such as 60s, got 60"],
    ],
    [
      "an overlap beyond what upstream keeps",
      `${collector}    overlap: 40d\n`,
      ["c.yaml:8:14 overlap: expected a duration from 1m to 29d, such as 24h, got '40d'"],
    ],
    [
      "a start without a zone",
      `${collector}    start: 2026-10-24T00:00:00\n`,
      ["c.yaml:8:12 start: expected an instant with its zone, such as 2026-10-24T00:00:00Z, got '2026-10-24T00:00:00'"],
    ],
    [
      "a rate of nothing",
      `${collector}    requests_per_minute: 0\n`,
      ["c.yaml:8:26 requests_per_minute: expected auto, or a whole number of requests from 1 to 6000, got 0"],
    ],
    [
      "a retention that is no whole day",
      `${collector}    retention: 36h\n`,
      ["c.yaml:8:16 retention: expected a number of whole days, such as 365d, got '36h'"],
    ],
    [
      "a missing name",
      "sites:\n  - {}\n",
      [expect.stringMatching(/^c\.yaml:2:5 'name' is missing: expected a name/) as string],
    ],
    [
      "a missing setting",
      replaced("      workspace_id: ws-1\n", ""),
      ["c.yaml:5:7 'workspace_id' is missing: expected a text; put it in quotes"],
    ],
    [
      "a number where a text belongs",
      replaced("workspace_id: ws-1", "workspace_id: 12345"),
      ["c.yaml:6:21 workspace_id: expected a text; put it in quotes"],
    ],
    [
      "http to another machine",
      replaced("workspace_id: ws-1", "workspace_id: ws-1\n      base_url: http://example.com/v1"),
      ["c.yaml:7:17 base_url: expected an https address; http is for this machine's own addresses only"],
    ],
    [
      "a variable that is not set",
      replaced("ACME_TOKEN", "ACME_TOKN"),
      [
        "c.yaml:5:14 the environment variable 'ACME_TOKN' is not set; did you mean 'ACME_TOKEN'?\n  Set ACME_TOKN in the environment in which Cistern starts",
      ],
    ],
    [
      "a variable that is empty",
      replaced("ACME_TOKEN", "EMPTY"),
      ["c.yaml:5:14 the environment variable 'EMPTY' is empty\n  Set EMPTY in the environment in which Cistern starts"],
    ],
    [
      "a secret file that is not there",
      replaced("env:ACME_TOKEN", "file:/nowhere/key"),
      [
        "c.yaml:5:14 the file '/nowhere/key' cannot be read (ENOENT)\n  Write the path from the root, or from the folder of this file",
      ],
    ],
    [
      "an unknown kind of substitution",
      replaced("env:ACME_TOKEN", "vault:secret/x"),
      [`c.yaml:5:14 \${vault:…} is not known\n  Write \${env:NAME} or \${file:/path}; for a plain \${ write $\${`],
    ],
    [
      "two collectors of one name",
      collector + collector.replace("collectors:\n", "").replace("ws-1", "ws-2"),
      ["c.yaml:8:11 another collector has this name, at line 2\n  Names are unique"],
    ],
    [
      "a destination of an unknown kind, for an unknown collector",
      `${collector}destinations:\n  - name: soc\n    destination: acme-siek\n    settings: {}\n    collectors: [prd]\n`,
      [
        "c.yaml:10:18 unknown destination type 'acme-siek'; did you mean 'acme-siem'?",
        "c.yaml:12:18 unknown collector 'prd'; did you mean 'prod'?",
      ],
    ],
    [
      "everything in a destination at once",
      `${destination.replace("https://siem.example", "'siem'")}    formt: raw
    format: leef
    filter: { typs: [A], fields: [{ field: a, equals: [b], exists: true }] }
    masking: { pseudonyms: maybe }
    from: soon
    max_batch_events: 0
    max_batch_bytes: many
    max_age: 2h
    paused: 3
`,
      [
        expect.stringMatching(/^c\.yaml:5:12 url: expected an address/) as string,
        "c.yaml:7:5 unknown key 'formt' in a destination; did you mean 'format'?",
        "c.yaml:8:13 Acme SIEM does not take the format 'leef'; expected one of raw, ecs",
        "c.yaml:9:15 unknown key 'typs' in a filter; did you mean 'types'?",
        "c.yaml:9:35 fields: expected exactly one of equals, contains and exists",
        "c.yaml:10:28 pseudonyms: expected true or false, got 'maybe'",
        "c.yaml:11:11 from: expected start or now, got 'soon'",
        "c.yaml:12:23 max_batch_events: expected a whole number of events, got 0",
        "c.yaml:13:22 max_batch_bytes: expected a whole number of bytes, got 'many'",
        "c.yaml:14:14 max_age: expected a duration from 1s to 1h, such as 5s, got '2h'",
        "c.yaml:15:13 paused: expected true or false, got 3",
      ],
    ],
    [
      "two destinations of one name, and one without its secret",
      `${destination}${destination
        .replace("destinations:\n", "")
        .replace("siem", "SIEM")
        .replace(/ {6}token.*\n/, "")}`,
      [
        "c.yaml:7:11 another destination has this name, at line 2\n  Names are unique",
        "c.yaml:10:7 'token' is missing: expected a key of at least 8 characters",
      ],
    ],
    [
      "several things at once",
      replaced("acme-suite", "acme").replace("prod", "' '").replace("[conversations, audit-log]", "[]"),
      [
        expect.stringMatching(/^c\.yaml:2:11 name: expected a name/) as string,
        "c.yaml:3:16 unknown connector 'acme'; expected one of acme-suite",
        "c.yaml:7:19 data_sources: expected a list of data sources, such as [audit-log]",
      ],
    ],
    [
      "bytes that are no text",
      new Uint8Array([0x61, 0xff]) as never,
      ["c.yaml:1:1 the file is not UTF-8 text\n  Save it as UTF-8"],
    ],
  ];

  test.each(cases)("%s", (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

test("a file that is not there is a problem of its own", () => {
  const path = join(folder, "absent.yaml");

  expect(() => readConfiguration(path, { env, connectors: [acme] })).toThrow(/absent\.yaml has one problem/);
});

test("neither a substituted value nor a setting's value stands in any message", () => {
  const broken = collector
    .replace("ws-1", "[sk-canary-5678]")
    .replace("prod", `\${env:ACME_TOKEN} `)
    .replace(
      "connector: acme-suite",
      `connector: acme-suite\n    timezone: \${env:ACME_TOKEN}\n    site: \${env:ACME_TOKEN}`,
    );

  const printed = problems(broken).join("\n");

  expect(printed).toContain("timezone: expected");
  expect(printed).toContain("unknown site");
  expect(printed).not.toContain("canary");
});

describe("what YAML can do and a configuration must not is a problem with its place:", () => {
  const alias = collector.replace("[conversations, audit-log]", "*sources");
  const laughs = ["a", "b", "c", "d"].map((name, index, all) => {
    const inner = index === 0 ? "x" : `*${all[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 20 }, () => inner).join(", ")}]`;
  });

  test.each([
    ["an alias of nothing", alias, /^c\.yaml:7:19 '\*sources' .*\n {2}\S/],
    ["an anchor that holds itself", "collectors: &all\n  - *all\n", /^c\.yaml:2:5 '\*all' stands inside .*\n {2}\S/],
    ["aliases that multiply", `${laughs.join("\n")}\n`, /^c\.yaml:1:1 the aliases .*\n {2}\S/],
    [
      "lists in lists in lists",
      `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`,
      /^c\.yaml:1:\d+ .* too deeply\n {2}\S/,
    ],
    ["a second document", `${collector}---\n`, /^c\.yaml:8:1 a second document .*\n {2}\S/],
    ["what is no YAML", "collectors: [\n", /^c\.yaml:2:1 this is not YAML: .*\n {2}\S/],
  ])("%s", (_, text, expected) => {
    expect(problems(text)).toEqual([expect.stringMatching(expected)]);
  });

  test("a file that is larger than any configuration, read no further", () => {
    expect(problems("# a\n".repeat(400_000))).toEqual([
      "c.yaml:1:1 the file is larger than 1 MB\n  Name a configuration file; docs/configuration.md shows one",
    ]);
  });

  test("an anchor that is used again, which is fine", () => {
    const twice = collector.replace("settings:", "settings: &same") + collector.slice(collector.indexOf("  - name"));

    const again = twice.replace(/(.*)prod/s, "$1again").replace(/(.*)settings:\n.*\n.*ws-1/s, "$1settings: *same");

    expect(read(again).collectors.map(({ settings }) => settings)).toEqual([
      { workspace_id: "ws-1" },
      { workspace_id: "ws-1" },
    ]);
  });
});
