// A client that knows nothing of ours collects a day from a sandbox that runs as a process of its own.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";

const run = promisify(execFile);
const path = (relative: string) => join(import.meta.dirname, relative);

let child: ChildProcess | undefined;
afterEach(async () => {
  if (!child || child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
});

async function startProcess(...flags: string[]): Promise<{ base_url: string; key: string; workspace_id: string }> {
  child = spawn(process.execPath, [path("../src/sandbox/run.ts"), "--listen", "127.0.0.1:0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error("The sandbox has no stdout");
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error("The sandbox ended without a word");
}

test("curl, jq and sha256sum collect the event ids that the sandbox says it published", {
  timeout: 120_000,
}, async () => {
  const sandbox = await startProcess(
    "--start-at",
    "2026-11-20T15:03:00Z",
    "--days",
    "2",
    "--people",
    "20",
    "--events-per-day",
    "4000",
    "--no-live",
    "--rate",
    "0",
  );
  const [from, to] = ["2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"];
  const type = "CONVERSATION_MESSAGE";

  const { stdout } = await run(path("independent-client.sh"), [
    sandbox.base_url,
    sandbox.key,
    sandbox.workspace_id,
    type,
    from,
    to,
  ]);

  const oracle = await fetch(
    sandbox.base_url.replace(/v1$/, `_sandbox/published?event_type=${type}&from=${from}&to=${to}`),
  );
  const files = (await oracle.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { events: { event_id: string }[] });
  const lines = files.flatMap((file) => file.events.map(({ event_id }) => event_id));
  expect(files.length).toBeGreaterThan(100);
  expect(lines.length).toBeGreaterThan(new Set(lines).size);
  expect(stdout.trim().split("\n").toSorted()).toEqual([...new Set(lines)].toSorted());
});

test("a sandbox ends by itself when it is asked to", async () => {
  await startProcess("--days", "1", "--people", "5");

  child?.kill("SIGTERM");

  expect(await once(child as ChildProcess, "exit")).toEqual([0, null]);
});
