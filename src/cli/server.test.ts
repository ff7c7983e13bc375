import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { emptyDemoFolder, openDemoFolder } from "./demo-folder.ts";
import { runCli } from "./fixtures/run-cli.ts";

let folder: string;
let running: ChildProcess[];
let sandbox: Sandbox | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-server-"));
  running = [];
});
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await sandbox?.close();
  sandbox = undefined;
  rmSync(folder, { recursive: true });
});

/** Starts a command that runs until it is stopped; resolves with its first line of output. */
async function begin(...args: string[]): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    env: { CISTERN_LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  running.push(child);
  const [line] = await once(createInterface({ input: child.stdout! }), "line", { signal: AbortSignal.timeout(20_000) });
  return { child, line: String(line) };
}

/** A small company's workspace, and a configuration file that collects it. */
async function aWorkspace(): Promise<{
  readonly file: string;
  readonly env: Record<string, string>;
  readonly sandbox: Sandbox;
}> {
  const company = { people: 5, days: 1, eventsPerDay: 20, ratePerMinute: 0, live: false } as const;
  sandbox = await startSandbox({ port: 0, ...company, startAt: "2026-07-15T12:00:00Z" });
  const file = join(folder, "c.yaml");
  writeFileSync(
    file,
    `collectors:
  - name: prod
    connector: chatgpt-enterprise
    settings: { token: "\${env:KEY}", workspace_id: ${sandbox.workspaceId}, base_url: "${sandbox.baseUrl}" }
    data_sources: [audit-log]
`,
  );
  return { file, env: { KEY: sandbox.key, CISTERN_LOG_LEVEL: "warn" }, sandbox };
}

test("serve tells where it listens, keeps others off its data folder, and ends with 0 when it is asked to", async () => {
  const data = join(folder, "data");
  const { child, line } = await begin("serve", "--listen", "127.0.0.1:0", "--data-dir", data, "--json");
  const { address, setup_url } = JSON.parse(line);

  const health = await fetch(`${address}/healthz`);
  const second = await runCli(["serve", "--listen", "127.0.0.1:0", "--data-dir", data]);
  const rotating = await runCli(["keys", "rotate", "--data-dir", data]);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");

  expect(health.status).toBe(200);
  expect(setup_url).toMatch(new RegExp(`^${address}/setup#token=\\S+$`));
  expect(second).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining(`is in use by process ${child.pid}`) as string,
  });
  expect(rotating.code).toBe(1);
  expect(code).toBe(0);
});

test("keys rotate puts another key in place once no server runs", async () => {
  const data = join(folder, "data");
  const { child } = await begin("serve", "--listen", "127.0.0.1:0", "--data-dir", data, "--json");
  child.kill("SIGTERM");
  await once(child, "exit");
  const before = readFileSync(join(data, "secret.key"), "utf8");

  const { code, stdout } = await runCli(["keys", "rotate", "--data-dir", data, "--json"]);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ key_id: expect.any(String) as string, secrets: 0 });
  expect(readFileSync(join(data, "secret.key"), "utf8")).not.toBe(before);
});

test("a port that is taken is said with what to do", async () => {
  const { line } = await begin("sandbox", "--listen", "127.0.0.1:0");
  const { port } = new URL(JSON.parse(line).base_url);

  const server = await runCli(["serve", "--listen", `127.0.0.1:${port}`, "--data-dir", join(folder, "data")]);
  const sandboxed = await runCli(["sandbox", "--listen", `127.0.0.1:${port}`]);

  for (const { code, stderr } of [server, sandboxed]) {
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/--listen/);
  }
});

test("run --until-caught-up collects everything and ends with 0; with a refused key it ends with 1 and says so", async () => {
  const { file, env, sandbox } = await aWorkspace();
  const run = () =>
    runCli(["run", "--config", file, "--data-dir", join(folder, "data"), "--until-caught-up", "--json"], env);
  const published = [...sandbox.published({ types: ["AUDIT_LOG"] })].length;

  const first = await run();
  sandbox.setRevoked("all-read", true);
  const second = await run();

  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ caught_up: true, files_pending: 0, needs_person: [] });
  expect(published).toBeGreaterThan(0);
  expect(second.code).toBe(1);
  expect(JSON.parse(second.stdout)).toMatchObject({
    caught_up: false,
    needs_person: [{ collector: "prod", data_source: "audit-log", reason: expect.any(String) as string }],
  });
});

test("check ends with 0 where every step passes, and with 1 and the remedy where the key is refused", async () => {
  const { file, env, sandbox } = await aWorkspace();

  const passed = await runCli(["check", "--config", file], env);
  sandbox.setRevoked("all-read", true);
  const refused = await runCli(["check", "--config", file, "--json"], env);

  expect(passed).toMatchObject({ code: 0, stderr: "" });
  expect(passed.stdout).toMatch(/^prod \(chatgpt-enterprise\)\n {2}✓ ok {2}Address/);
  const { ok, steps } = JSON.parse(refused.stdout);
  const failed = steps.filter(({ state }: { state: string }) => state === "failed");
  expect({ code: refused.code, ok }).toEqual({ code: 1, ok: false });
  expect(failed[0]).toMatchObject({ id: "key", remedy: expect.any(String) as string });
  expect(passed.stdout + refused.stdout).not.toContain(sandbox.key);
});

test("the demo empties only a folder that a demo made", () => {
  const mine = join(folder, "mine");
  const demo = join(folder, "demo");
  mkdirSync(mine);
  writeFileSync(join(mine, "letter"), "dear");
  const made = openDemoFolder(demo, new Date(0));
  writeFileSync(join(demo, "cistern.db"), "");

  expect(() => emptyDemoFolder(mine)).toThrow(/holds something else/);
  expect(() => openDemoFolder(mine, new Date(0))).toThrow(/holds something else/);
  expect(openDemoFolder(demo, new Date(1))).toEqual(made);
  emptyDemoFolder(demo);
  expect(openDemoFolder(demo, new Date(1)).password).not.toBe(made.password);
});

test("a sandbox that was started with its parent's input ends with its parent", async () => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "main.ts"), "sandbox", "--listen", "127.0.0.1:0", "--until-input-ends"],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  running.push(child);
  await once(createInterface({ input: child.stdout }), "line", { signal: AbortSignal.timeout(20_000) });

  child.stdin.destroy();

  expect(await once(child, "exit")).toEqual([0, null]);
});
