// A host that cannot be reached: told at once in log and status, and no reason for a run to go on for ever.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { eventually } from "./served-product.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const env = { KEY: "sk-admin-canary-0123456789", CISTERN_LOG_LEVEL: "warn" };

let folder: string;
let dataDir: string;
let config: string;
let host: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-unreachable-"));
  dataDir = join(folder, "data");
  config = join(folder, "config.yaml");
  host = `127.0.0.1:${await closedPort()}`;
  const settings = `{ token: "\${env:KEY}", workspace_id: 9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa, base_url: "http://${host}/v1" }`;
  writeFileSync(
    config,
    `collectors:\n  - { name: a, connector: chatgpt-enterprise, data_sources: [audit-log], settings: ${settings} }\n`,
  );
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
  rmSync(folder, { recursive: true });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("run --until-caught-up ends with 1, the reason and what to do", async () => {
  const args = ["run", "--config", config, "--data-dir", dataDir, "--until-caught-up", "--give-up-after", "3s"];

  const { code, stdout, stderr } = await runCli(args, env);

  expect(code).toBe(1);
  expect(stdout).toBe("0 events held, 0 files to go\n");
  expect(stderr).toContain("not waited for any longer");
  expect(stderr).toMatch(new RegExp(`\na / audit-log: ${host} refused the connection\n {2}Check host and port`));
});

test("the first failure stands in the log and in status, with what to do, while the server goes on trying", async () => {
  const args = [MAIN, "serve", "--config", config, "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
  child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => said.push(text));

  await eventually("a line of the log", async () =>
    said.join("").includes("refused the connection") ? true : undefined,
  );
  const source = await eventually("a status that says so", async () => {
    const { code, stdout } = await runCli(["status", "--data-dir", dataDir, "--json"], env);
    const found = code === 0 ? JSON.parse(stdout).collectors[0].data_sources[0] : undefined;
    return found?.reason.includes("refused the connection") ? found : undefined;
  });
  const table = await runCli(["status", "--data-dir", dataDir], env);

  expect(source).toMatchObject({
    health: "starting",
    action: expect.stringContaining("Check host and port") as string,
  });
  expect(table.stdout).toContain(`${host} refused the connection`);
  expect(child.exitCode).toBeNull();
});
