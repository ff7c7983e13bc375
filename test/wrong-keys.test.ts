// Every wrong key and wrong id, as `check` tells it: the sentences and remedies of the connector's page, met by a process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, runCli } from "../src/cli/fixtures/run-cli.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";

const PAGE = join(import.meta.dirname, "../docs/connectors/chatgpt-enterprise.md");
const SEED = 7;

interface Case {
  readonly settings?: Readonly<Record<string, string>>;
  readonly dataSources?: readonly string[];
  /** The step that fails. */
  readonly step: string;
}

interface Step {
  readonly id: string;
  readonly state: string;
  readonly detail?: string;
  readonly remedy?: string;
  readonly reason?: string;
}

const folder = mkdtempSync(join(tmpdir(), "cistern-wrong-keys-"));
const cleanUp: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
let sandbox: Sandbox;
let stub: string;
beforeAll(async () => {
  const company = { people: 5, days: 1, eventsPerDay: 60, ratePerMinute: 0, live: false } as const;
  sandbox = await startSandbox({ port: 0, seed: SEED, ...company });
  cleanUp.push(() => sandbox.close());
  stub = await answeringAsTold();
});
afterAll(async () => {
  for (const undo of cleanUp.reverse()) await undo();
});

/** Answers that the sandbox never gives: `/<status>/<words>/v1/…` answers so, in plain text. */
async function answeringAsTold(): Promise<string> {
  const server = createServer((request, response) => {
    const [, status, words = ""] = (request.url ?? "").split("/");
    response.writeHead(Number(status), { "content-type": "text/plain" }).end(decodeURIComponent(words));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const told = (status: number, words: string) => ({ base_url: `${stub}/${status}/${encodeURIComponent(words)}/v1` });

/** What provokes each problem of the page. Left out is what only the real host can answer. */
function casesOf({ keyNamed, organizationId, baseUrl }: Sandbox): Readonly<Record<string, Case>> {
  const otherOrganization = { token: keyNamed("other-workspace"), organization_id: organizationId };
  const unknown = { workspace_id: "11111111-2222-4333-8444-555555555555" };
  return {
    key_refused: { settings: { token: keyNamed("revoked") }, step: "key" },
    key_wrong_kind: { settings: { token: keyNamed("api-platform-admin") }, step: "key" },
    scope_missing: { settings: { token: keyNamed("without-audit-log") }, step: "data-source:audit-log" },
    access_refused: { settings: told(403, "No"), dataSources: ["costs"], step: "data-source:costs" },
    access_not_enabled: { settings: { token: keyNamed("awaiting-approval") }, step: "workspace" },
    workspace_refused: { settings: { token: keyNamed("other-workspace") }, step: "workspace" },
    organization_refused: { settings: otherOrganization, dataSources: ["costs"], step: "data-source:costs" },
    workspace_unknown: { settings: unknown, step: "workspace" },
    organization_unknown: {
      settings: { organization_id: "org-nobody" },
      dataSources: ["costs"],
      step: "data-source:costs",
    },
    workspace_id_is_organization: { settings: told(400, "'x' is an organization id"), step: "workspace" },
    organization_id_is_workspace: {
      settings: told(400, "'x' is a workspace id"),
      dataSources: ["costs"],
      step: "data-source:costs",
    },
    organization_id_missing: {
      settings: { organization_id: "" },
      dataSources: ["costs", "audit-log"],
      step: "data-source:costs",
    },
    type_of_workspace: {
      settings: told(400, "COSTS is workspace-scoped"),
      dataSources: ["costs"],
      step: "data-source:costs",
    },
    type_of_organization: {
      settings: told(400, "AUDIT_LOG is organization-scoped"),
      step: "data-source:audit-log",
    },
    unknown_event_type: { dataSources: ["WEIRD_LOG", "audit-log"], step: "data-source:weird-log" },
    request_refused: { settings: told(422, "No"), step: "workspace" },
    wrong_base_url: { settings: { base_url: baseUrl.replace(/v1$/, "v9") }, step: "key" },
    route_retired: { settings: told(410, "Gone"), step: "workspace" },
  };
}

/** Reason, sentence and remedy of every row of the page's table, with the type and the scope of a case set in. */
function pageProblems(): ReadonlyMap<string, { readonly sentence: string; readonly remedy: string }> {
  const [, table = ""] = /<!-- problems -->([\s\S]*)<!-- \/problems -->/.exec(readFileSync(PAGE, "utf8")) ?? [];
  const rows = table.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return new Map(
    rows
      .filter(([, reason]) => reason?.startsWith("`"))
      .map(([, reason = "", , sentence = "", remedy = ""]) => [reason.replaceAll("`", ""), { sentence, remedy }]),
  );
}

const filled = (text: string, { step, dataSources: [first = "audit-log"] = [] }: Case) => {
  const name = step.startsWith("data-source:") ? step.slice("data-source:".length) : first;
  const type = name.toUpperCase().replaceAll("-", "_");
  const scope = `chatgpt.enterprise.compliance_logs_platform.${type.toLowerCase()}.read`;
  return text.replaceAll("*type*", type).replaceAll("*scope*", scope);
};

const collectorText = (name: string, settings: Readonly<Record<string, string>>, dataSources: readonly string[]) => {
  const lines = Object.entries(settings).filter(([, value]) => value !== "");
  return `  - name: ${name}
    connector: chatgpt-enterprise
    settings:
${lines.map(([key, value]) => `      ${key}: "${value}"`).join("\n")}
    data_sources: [${dataSources.join(", ")}]
`;
};

function check(file: string, collectors: readonly string[], ...more: string[]): Promise<Ended> {
  const path = join(folder, file);
  writeFileSync(path, `collectors:\n${collectors.join("")}`, { mode: 0o600 });
  return runCli(["check", "--config", path, ...more], { KEY: sandbox.key });
}

const collectorOf = (name: string, { settings = {}, dataSources = ["audit-log"] }: Case) => {
  const { workspaceId, organizationId, baseUrl } = sandbox;
  const right = { token: "${env:KEY}", workspace_id: workspaceId, organization_id: organizationId, base_url: baseUrl };
  return collectorText(name, { ...right, ...settings }, dataSources);
};

test("check names each wrong key and id in the page's words, with the page's remedy, and ends with 1", async () => {
  const cases = casesOf(sandbox);
  const page = pageProblems();
  const right: Case = { step: "" };

  const { code, stdout } = await check(
    "all.yaml",
    Object.entries({ ...cases, right }).map(([name, one]) => collectorOf(name, one)),
    "--json",
  );

  const results = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(code).toBe(1);
  expect(results.map(({ collector, ok }) => [collector, ok])).toEqual([
    ...Object.keys(cases).map((name) => [name, false]),
    ["right", true],
  ]);
  for (const { collector, steps } of results.slice(0, -1) as { collector: string; steps: Step[] }[]) {
    const one = cases[collector]!;
    const { sentence, remedy } = page.get(collector)!;
    const failed = steps.find(({ state }) => state === "failed");
    expect(failed, collector).toMatchObject({ id: one.step, reason: collector });
    expect(failed?.detail, collector).toContain(filled(sentence, one));
    expect(failed?.remedy, collector).toBe(filled(remedy, one));
  }
  // A page in place of the API's answer means the network only where the base URL is the usual one.
  expect([...page.keys()].filter((reason) => !(reason in cases))).toEqual(["html_answer"]);
  for (const { key } of sandbox.keys) expect(stdout).not.toContain(key);
});

test("people read the sentence beside the failed step and the remedy below, and nothing is claimed of what was not tried", async () => {
  const cases = casesOf(sandbox);

  const { code, stdout } = await check("one.yaml", [collectorOf("unknown", cases.workspace_unknown!)]);

  expect(code).toBe(1);
  expect(stdout).toContain("  ✗ failed  Workspace: OpenAI knows no workspace with this ID (127.0.0.1:");
  expect(stdout).toContain("\n      Copy the workspace ID again from Workspace settings, General, Workspace details\n");
  expect(stdout).toContain("Download: Not tried: no data source could be read");
  expect(stdout).not.toContain("carried no time");
  expect(stdout).toContain("Not everything that is needed works.");
});

test("a mistaken id or key is refused by its form with file, line and what to do, all of them at once", async () => {
  const uuid = sandbox.workspaceId;
  const mistakes = [
    collectorOf("a", { settings: { workspace_id: sandbox.organizationId }, step: "" }),
    collectorOf("b", { settings: { organization_id: uuid }, step: "" }),
    collectorOf("c", { settings: { workspace_id: sandbox.key }, step: "" }),
    collectorOf("d", { settings: { token: "sk-...4jk2" }, step: "" }),
    collectorOf("e", { settings: { base_url: "https://api.openai.com/v1" }, step: "" }),
    collectorOf("f", { settings: { base_url: "http://compliance.example/v1" }, step: "" }),
    collectorOf("g", { settings: { token: uuid }, step: "" }),
  ];

  const { code, stdout, stderr } = await check("form.yaml", mistakes);

  const lines = stderr.split("\n").filter((line) => /form\.yaml:\d+:\d+ /.test(line));
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(lines).toEqual([
    expect.stringMatching(/ workspace_id: This is an organization ID .*the workspace ID stands beside it/) as string,
    expect.stringMatching(/ organization_id: This is a workspace ID; an organization ID begins with org-/) as string,
    expect.stringMatching(/ workspace_id: This is a secret key, not a workspace ID/) as string,
    expect.stringMatching(/ token: This is the shortened form of a key/) as string,
    expect.stringMatching(/ base_url: .*api\.openai\.com.*https:\/\/api\.chatgpt\.com\/v1/) as string,
    expect.stringMatching(/ base_url: The base URL must begin with https:\/\//) as string,
    expect.stringMatching(/ token: This is an ID, not a secret key/) as string,
  ]);
  expect(stderr).not.toContain(sandbox.key);
});
