// The demo as somebody starts it first: what it collects arrives at its two destinations.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = join(import.meta.dirname, "../src/cli/main.ts");
let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-demo-"));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

const env = { PATH: process.env.PATH ?? "" };

/** What a command prints on the demo's data, beside the demo. */
async function asked(dataDir: string, ...args: string[]): Promise<string> {
  const command = spawn(process.execPath, [main, ...args, "--data-dir", dataDir], { env });
  const pieces: Buffer[] = [];
  command.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await once(command, "close");
  return Buffer.concat(pieces).toString("utf8");
}

async function destinations(
  dataDir: string,
): Promise<readonly { readonly name: string; readonly delivered: number }[]> {
  return JSON.parse(await asked(dataDir, "destinations", "list", "--json")).destinations;
}

/** What the delivery engine itself says that it does, by the API. */
async function phases(address: string, token: string): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${address}/api/v1/destinations`, { headers: { authorization: `Bearer ${token}` } });
  const shown = (await answer.json()) as readonly {
    readonly name: string;
    readonly status: { readonly phase: string };
  }[];
  return Object.fromEntries(shown.map(({ name, status }) => [name, status.phase]));
}

test("the demo delivers to files and to its syslog receiver, and says so", { timeout: 120_000 }, async () => {
  const dataDir = join(folder, "data");
  const args = [main, "demo", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--json"];
  child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr!.on("data", (piece: Buffer) => (said += piece.toString("utf8")));
  const signal = AbortSignal.timeout(60_000);
  const [line] = await once(createInterface({ input: child.stdout! }), "line", { signal });
  const { address, files } = JSON.parse(String(line)) as { readonly address: string; readonly files: string };
  // A file is there before its first line is.
  const written = () =>
    readdirSync(files, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ndjson"))
      .map((name) => readFileSync(join(files, name), "utf8"))
      .filter((text) => text.endsWith("\n"));

  await expect
    .poll(() => [written().length > 0, /^Syslog receiver: /m.test(said)], { timeout: 60_000 })
    .toEqual([true, true]);

  const events = written()[0]!.trimEnd().split("\n");
  expect(JSON.parse(events[0]!)).toMatchObject({ collector: "ChatGPT demo company", sitename: "Headquarters" });
  expect(said.match(/^Syslog receiver: /gm)!.length).toBeLessThan(5);
  await expect
    .poll(async () => (await destinations(dataDir)).map(({ name, delivered }) => [name, delivered > 0]), {
      timeout: 30_000,
    })
    .toEqual([
      ["Demo files", true],
      ["Demo syslog receiver", true],
    ]);

  // The command line works beside the server, which hears of it.
  const token = (await asked(dataDir, "token", "create", "--role", "viewer", "--name", "test")).trim();
  await asked(dataDir, "destinations", "pause", "demo files");
  await expect.poll(async () => (await phases(address, token))["Demo files"], { timeout: 20_000 }).toBe("paused");
  expect((await phases(address, token))["Demo syslog receiver"]).not.toBe("paused");
  await asked(dataDir, "destinations", "remove", "demo syslog receiver", "--yes");
  await expect.poll(async () => Object.keys(await phases(address, token)), { timeout: 20_000 }).toEqual(["Demo files"]);

  child.kill("SIGTERM");
  expect(await once(child, "exit", { signal: AbortSignal.timeout(30_000) })).toEqual([0, null]);
});
