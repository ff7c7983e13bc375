// The product as a process of its own, begun as people begin it; with a failpoint in it where one is named.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import type { CleanUp } from "./part.ts";
import { type PointName, pointVariables } from "./points.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const FAILPOINTS = join(import.meta.dirname, "failpoints.ts");

/** Nothing that is started here takes so long. */
const LONGEST_MS = 6 * 60_000;

export interface Failpoint {
  readonly point: PointName;
  readonly passing: number;
  readonly signal: "SIGKILL" | "SIGSTOP";
  /** Where the process writes that it got there. */
  readonly report: string;
}

export interface StartOptions {
  readonly failpoint?: Failpoint | undefined;
  /** Without the lock of the data folder: for a takeover that the system would not allow. */
  readonly noLock?: boolean;
}

export interface ProductProcess {
  readonly child: ChildProcess;
  /** Everything that it has said so far, on both streams. */
  said(): string;
  readonly hasEnded: boolean;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** SIGKILL, and the end of it. */
  kill(): Promise<void>;
}

/** The arguments with which Node runs `cistern` with these. */
export const productCommand = (args: readonly string[]): string[] => [MAIN, ...args];

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Runs `cistern` with these arguments. */
export function startProduct(
  args: readonly string[],
  { failpoint, noLock = false }: StartOptions,
  cleanUp: CleanUp,
): ProductProcess {
  const wrapped = failpoint !== undefined || noLock;
  const child = spawn(process.execPath, [...(wrapped ? ["--import", FAILPOINTS] : []), ...productCommand(args)], {
    env: {
      PATH: process.env.PATH ?? "",
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? "",
      ...(noLock && { [pointVariables.noLock]: "1" }),
      ...(failpoint && pointEnvironment(failpoint)),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const parts: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => parts.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => parts.push(text));
  // Whatever hangs is ended, and what it said tells where: no part waits for ever.
  const late = setTimeout(() => {
    parts.push(`ended after ${LONGEST_MS / 60_000} minutes`);
    child.kill("SIGKILL");
  }, LONGEST_MS);
  const ended = once(child, "close").then(([code]) => {
    clearTimeout(late);
    running.delete(child);
    return code as number | null;
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  cleanUp.add(kill);
  return {
    child,
    said: () => parts.join(""),
    get hasEnded() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    ended,
    kill,
  };
}

function pointEnvironment({ point, passing, signal, report }: Failpoint): Record<string, string> {
  rmSync(report, { force: true });
  return {
    [pointVariables.point]: point,
    [pointVariables.passing]: String(passing),
    [pointVariables.signal]: signal,
    [pointVariables.report]: report,
  };
}

/** Whether the process got to the point that it was to stop at. */
export const reached = ({ report, point }: Failpoint): boolean =>
  existsSync(report) && readFileSync(report, "utf8") === `${point}\n`;

export interface CollectorEntry {
  readonly name: string;
  readonly dataSources: readonly string[];
  /** For example `1d`. */
  readonly retention?: string;
}

/** Writes a configuration file with collectors on the sandbox; returns its path. */
export function writeConfiguration(
  folder: string,
  { key, workspaceId, baseUrl }: Pick<Sandbox, "key" | "workspaceId" | "baseUrl">,
  collectors: readonly CollectorEntry[],
): string {
  const path = join(folder, "config.yaml");
  const settings = `{ token: ${key}, workspace_id: ${workspaceId}, base_url: "${baseUrl}" }`;
  const entries = collectors.map(
    ({ name, dataSources, retention }) => `  - name: ${name}
    connector: chatgpt-enterprise
    settings: ${settings}
    data_sources: [${dataSources.join(", ")}]
    requests_per_minute: 6000
    poll_interval: 30s
${retention === undefined ? "" : `    retention: ${retention}\n`}`,
  );
  writeFileSync(path, `collectors:\n${entries.join("")}`, { mode: 0o600 });
  return path;
}
