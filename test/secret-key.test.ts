// The key of the secrets lost or wrong: the server starts, events stay readable, collectors say what they lack, and take it.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { type Ask, eventually, type ServedProduct, serveProduct, signIn } from "./served-product.ts";

let folder: string;
let dataDir: string;
let sandbox: Sandbox;
const running: ServedProduct[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-secret-key-"));
  dataDir = join(folder, "data");
  sandbox = await startSandbox({ port: 0, people: 5, days: 1, eventsPerDay: 40, ratePerMinute: 0, live: false });
});
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.child.kill("SIGKILL");
    await server.stop();
  }
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function begin(env: Readonly<Record<string, string>> = {}): Promise<{ server: ServedProduct; ask: Ask }> {
  const server = await serveProduct(dataDir, { env });
  running.push(server);
  return { server, ask: await signIn(server) };
}

const collectorText = async (ask: Ask) => (await ask("GET", "/api/v1/collectors")).body.collectors[0];

/** A server that has collected a workspace into the data folder, and is stopped again. */
async function collected(): Promise<number> {
  const { server, ask } = await begin();
  const { key, workspaceId, baseUrl } = sandbox;
  const made = await ask("POST", "/api/v1/collectors", {
    name: "prod",
    connector: "chatgpt-enterprise",
    dataSources: ["audit-log", "auth-log"],
    settings: { token: key, workspace_id: workspaceId, base_url: baseUrl },
  });
  expect(made).toMatchObject({ status: 201 });
  await eventually("every file is collected", async () => {
    const { data_sources } = await statusOf();
    const isDone = data_sources.every(({ cursor, files_pending }) => cursor !== null && files_pending === 0);
    return isDone && data_sources.length === 2 ? true : undefined;
  });
  expect(await server.stop()).toBe(0);
  return exported();
}

interface Status {
  readonly health: string;
  readonly reason: string;
  readonly data_sources: readonly {
    readonly health: string;
    readonly reason: string;
    readonly action?: string;
    readonly cursor: string | null;
    readonly files_pending: number;
  }[];
}

async function statusOf(): Promise<Status> {
  const { stdout } = await runCli(["status", "--data-dir", dataDir, "--json"]);
  return JSON.parse(stdout).collectors[0];
}

async function exported(): Promise<number> {
  const { code, stdout } = await runCli(["events", "export", "--data-dir", dataDir]);
  expect(code).toBe(0);
  return stdout.split("\n").length - 1;
}

test("without secret.key the server starts, events can be read, the collector is failed, and the key entered mends it", async () => {
  const events = await collected();
  const away = join(folder, "saved.key");
  expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
  renameSync(join(dataDir, "secret.key"), away);

  const { ask } = await begin();
  const failed = await eventually("the collector is failed", async () => {
    const one = await collectorText(ask);
    return one.health === "failed" ? one : undefined;
  });
  const system = await ask("GET", "/api/v1/system");
  const held = await exported();
  const status = await statusOf();
  const entered = await ask("POST", "/api/v1/system/secret-key", { value: readFileSync(away, "utf8").trim() });
  const mended = await eventually("the collector goes on", async () => {
    const one = await collectorText(ask);
    return one.health === "failed" || one.health === "starting" ? undefined : one;
  });

  expect(failed).toMatchObject({
    reason: expect.stringContaining("key of the stored secrets is missing") as string,
  });
  expect(system.body.secretKey).toMatchObject({ state: "missing" });
  expect(events).toBeGreaterThan(0);
  expect(held).toBe(events);
  expect(status).toMatchObject({ health: "failed", data_sources: [{ health: "failed" }, { health: "failed" }] });
  expect(status.data_sources[0]?.action).toMatch(/secret\.key/);
  expect(entered.status).toBe(200);
  expect(["running", "idle", "catching_up"]).toContain(mended.health);
  expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
});

test("with a wrong secret.key events can be read, the collector says so, and no other key is taken", async () => {
  const events = await collected();
  writeFileSync(join(dataDir, "secret.key"), `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });

  const { ask } = await begin();
  const failed = await eventually("the collector is failed", async () => {
    const one = await collectorText(ask);
    return one.health === "failed" ? one : undefined;
  });
  const refused = await ask("POST", "/api/v1/system/secret-key", { value: randomBytes(32).toString("base64") });
  const malformed = await ask("POST", "/api/v1/system/secret-key", { value: "hello" });

  expect(failed.reason).toMatch(/not the key of the stored secrets/);
  expect(refused).toMatchObject({ body: { code: "secret_key_wrong" } });
  expect(malformed).toMatchObject({ body: { code: "secret_key_malformed" } });
  expect(await exported()).toBe(events);
});

test("a key that is lost for good is given up, the token entered anew, and collection goes on with every event kept", async () => {
  const events = await collected();
  const forget = (...more: string[]) => runCli(["keys", "forget", "--data-dir", dataDir, ...more]);
  expect((await forget("--yes")).code).toBe(1);
  rmSync(join(dataDir, "secret.key"));

  expect((await forget()).code).not.toBe(0);
  expect(await forget("--yes")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("1 secret is removed") as string,
  });
  const { ask } = await begin();
  const failed = await eventually("the collector is failed", async () => {
    const one = await collectorText(ask);
    return one.health === "failed" ? one : undefined;
  });
  const set = await ask("PUT", `/api/v1/collectors/${failed.id}/secrets/token`, { value: sandbox.key });
  await eventually("the collector goes on", async () => {
    const one = await collectorText(ask);
    return one.health === "failed" || one.health === "starting" ? undefined : one;
  });

  expect(failed.reason).toMatch(/Not set: token/);
  expect(set.status).toBe(200);
  expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
  expect(await exported()).toBeGreaterThanOrEqual(events);
});
