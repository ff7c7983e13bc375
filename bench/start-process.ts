import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface StartedProcess {
  /** What it printed first on stdout. */
  readonly firstLine: string;
  readonly child: ChildProcess;
  stop(): void;
}

/** Starts a TypeScript file with this Node and waits for its first line of output. Ends with this process. */
export async function startProcess(file: string, args: readonly string[]): Promise<StartedProcess> {
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, "..", file), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  const firstLine = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code} before it said anything`)));
  });
  return { firstLine, child, stop };
}
