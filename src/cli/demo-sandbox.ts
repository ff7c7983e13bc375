import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CollectorError } from "../model/errors.ts";
import { type Cli, say } from "./cli.ts";
import type { DemoFacts } from "./demo-folder.ts";

const HOST = "127.0.0.1";
const FIRST_PORT = 7412;
const PORTS_TRIED = 50;
/** New files every so often, so that something moves on the screen. */
const FILE_INTERVAL_MS = 10_000;
const HISTORY_DAYS = 30;
const DAY_MS = 86_400_000;
const PEOPLE = 40;
const EVENTS_PER_DAY = 1_500;

const Described = z.object({
  base_url: z.string(),
  workspace_id: z.string(),
  organization_id: z.string(),
  key: z.string(),
});

/** A sandbox in a process of its own, so that it takes nothing from the server's. */
export type DemoSandbox = z.infer<typeof Described> & { stop(): Promise<void> };

export async function startDemoSandbox(cli: Cli, { seed, startedAt }: DemoFacts): Promise<DemoSandbox> {
  const port = await freePort();
  if (port !== FIRST_PORT) say(cli, `Port ${FIRST_PORT} or the next one is taken; the sandbox takes ${port}.`);
  const options = {
    listen: `${HOST}:${port}`,
    seed,
    // The company is made up as of where its history begins, which has to stay the same from run to run.
    days: HISTORY_DAYS + Math.max(0, cli.now().getTime() - Date.parse(startedAt)) / DAY_MS,
    people: PEOPLE,
    "events-per-day": EVENTS_PER_DAY,
    "live-factor": 4,
    "file-interval-ms": FILE_INTERVAL_MS,
    rate: 0,
    // True of upstream, and off here: during the first sync our own requests would drown the company's life.
    quirks: JSON.stringify({ auditOwnRequests: false }),
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const main = fileURLToPath(new URL("./main.ts", import.meta.url).href);
  // Of its own group: Ctrl+C on the terminal reaches us alone, and we end it after the server. If we
  // are killed, its input ends and so does it.
  const child = spawn(process.execPath, [main, "sandbox", "--until-input-ends", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, "line").then(([text]) => String(text)), ended.then(() => undefined)]);
  if (line === undefined) throw new CollectorError("unavailable", "The sandbox did not start", { reason: "sandbox" });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { ...Described.parse(JSON.parse(line)), stop };
}

/** The first port from 7412 on that is free together with the one after it, which serves the signed addresses. */
async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TRIED; port++) {
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  const last = FIRST_PORT + PORTS_TRIED - 1;
  throw new CollectorError("config_invalid", `No two ports in a row are free between ${FIRST_PORT} and ${last}`, {
    reason: "address_taken",
    action: "Stop what listens there",
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
