// Real servers for tests of destinations: found on this machine, started on loopback, ended by their process id.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const START_MS = 15_000;

/** The path of a program of this name; undefined where there is none. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/usr/bin"];
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** For `skipIf`: what is missing is skipped on a person's machine, and fails in CI, where everything has to be there. */
export const skippedFor = (missing: string | undefined): boolean => missing !== undefined && process.env.CI !== "true";

/** A port on loopback that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export interface LocalProgram {
  readonly child: ChildProcess;
  /** What it has written to stderr so far. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts a program; its standard input stays open as long as it runs. */
export function startProgram(path: string, args: readonly string[]): LocalProgram {
  const child = spawn(path, args, { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => {
    said = `${said}${piece}`.slice(-1_000_000);
  });
  const exit = once(child, "exit");
  return {
    child,
    said: () => said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exit;
    },
  };
}

/** Until the condition holds; throws with what the program said where it does not within the time it has. */
export async function until<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  program?: LocalProgram,
): Promise<T> {
  for (const end = Date.now() + START_MS; Date.now() < end; await wait(20)) {
    const value = await condition();
    if (value !== undefined) return value;
  }
  throw new Error(`It has not come about: ${program?.said().slice(-2_000) ?? ""}`);
}

/** Whether somebody accepts connections there. */
export async function listens(port: number, address = "127.0.0.1"): Promise<true | undefined> {
  const socket = connect(port, address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
