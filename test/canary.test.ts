// Tokens and passwords must be nowhere in clear text: not in what any command or answer says, not in any file of the data folder.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { type Answer, administrator, eventually, serveProduct, signIn } from "./served-product.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** A secret in the forms in which careless code would leave it behind. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1),
  Buffer.from(secret).toString("hex"),
  encodeURIComponent(secret),
];

/** Every file below a folder, read as it stands. */
function filesOf(folder: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, "latin1") }));
}

test("no token and no password stands in clear text in any answer, output, log, backup or file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cistern-canary-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const company = { people: 5, days: 1, eventsPerDay: 40, ratePerMinute: 0, live: false } as const;
  const sandbox = await startSandbox({ port: 0, ...company });
  cleanUp.push(() => sandbox.close());
  const dataDir = join(folder, "data");
  const server = await serveProduct(dataDir, { env: { CISTERN_LOG_LEVEL: "debug" } });
  cleanUp.push(() => server.child.kill("SIGKILL"));
  const ask = await signIn(server);
  const answers: Answer[] = [];
  const record = async (...question: Parameters<typeof ask>) => {
    const answer = await ask(...question);
    answers.push(answer);
    return answer;
  };
  const refused = sandbox.keyNamed("revoked");
  const settings = { token: sandbox.key, workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl };
  const collector = { connector: "chatgpt-enterprise", dataSources: ["auth-log"], settings };

  await record("POST", "/api/v1/check", collector);
  await record("POST", "/api/v1/check", { ...collector, settings: { ...settings, token: refused } });
  await record("POST", "/api/v1/check", { ...collector, settings: { ...settings, workspace_id: sandbox.key } });
  await record("POST", "/api/v1/check", { ...collector, settings: { ...settings, base_url: sandbox.key } });
  expect(await record("POST", "/api/v1/collectors", { name: "prod", ...collector })).toMatchObject({ status: 201 });
  const bad = { name: "bad", acceptWarnings: true, ...collector, settings: { ...settings, token: refused } };
  expect(await record("POST", "/api/v1/collectors", bad)).toMatchObject({ status: 201 });
  await record("POST", "/api/v1/collectors", { name: sandbox.key.repeat(9), ...collector });
  const { body } = await eventually("one collector is read, the other refused", async () => {
    const list = await ask("GET", "/api/v1/collectors");
    const healths = list.body.collectors.map(({ health }: { health: string }) => health);
    return healths.includes("failed") && (healths.includes("idle") || healths.includes("running")) ? list : undefined;
  });
  for (const { id } of body.collectors) {
    await record("GET", `/api/v1/collectors/${id}`);
    await record("GET", `/api/v1/collectors/${id}/export.yaml`);
    await record("POST", `/api/v1/collectors/${id}/duplicate`, {});
    await record("PATCH", `/api/v1/collectors/${id}`, {
      settings: { token: `${sandbox.key}x` },
      dataSources: ["nope"],
    });
  }
  const paths = ["collectors", "drafts", "system", "sites", "tokens", "accounts", "access-record", "events?limit=50"];
  for (const path of paths) await record("GET", `/api/v1/${path}`);
  const created = await runCli([
    "token",
    "create",
    "--role",
    "viewer",
    "--name",
    "ci",
    "--data-dir",
    dataDir,
    "--json",
  ]);
  const apiToken = /cistern_\w+/.exec(created.stdout)?.[0] ?? "";
  const metrics = await fetch(`${server.address}/metrics`, { headers: { authorization: `Bearer ${apiToken}` } });
  expect(metrics.status).toBe(200);
  answers.push({ status: 200, text: await metrics.text(), body: undefined });
  const backup = join(folder, "copy.backup");
  const outputs = await Promise.all(
    [
      ["status", "--data-dir", dataDir, "--json"],
      ["events", "export", "--data-dir", dataDir],
      ["doctor", "--data-dir", dataDir],
      ["backup", "--data-dir", dataDir, "--out", backup],
    ].map((args) => runCli(args)),
  );
  writeFileSync(
    join(folder, "broken.yaml"),
    `collectors:\n  - name: x\n    connector: chatgpt-enterprise\n    settings: { token: "\${env:KEY}", workspace_id: "\${env:KEY}" }\n    data_sources: [auth-log]\n    \${env:KEY}: 1\n    site: "\${env:KEY}"\n    timezone: "\${env:KEY}"\n`,
  );
  outputs.push(await runCli(["check", "--config", join(folder, "broken.yaml")], { KEY: sandbox.key }));
  const whileRunning = filesOf(folder);
  expect(await server.stop()).toBe(0);

  const secrets = [sandbox.key, refused, administrator.password, server.setupToken ?? "", apiToken];
  expect(secrets.every((secret) => secret.length > 15)).toBe(true);
  expect(outputs.slice(0, 4).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const said = server.said().replace(server.setupToken ?? "", "(shown once)");
  const places = [
    ...whileRunning,
    ...filesOf(folder),
    { path: "what the server said", text: said },
    ...answers.map(({ text }, index) => ({ path: `answer ${index}`, text })),
    ...outputs.map(({ stdout, stderr }, index) => ({ path: `output ${index}`, text: stdout + stderr })),
  ];
  const found = places.flatMap(({ path, text }) =>
    secrets.flatMap((secret, index) =>
      formsOf(secret).flatMap((form) => (text.includes(form) ? [`secret ${index} in ${path}`] : [])),
    ),
  );
  expect(found).toEqual([]);
}, 60_000);
