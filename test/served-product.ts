// The server as a process of its own, and its API as a signed-in administrator uses it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const START_MS = 30_000;

export const administrator = { name: "admin", password: "reed-water-lantern-9" };

export interface ServedProduct {
  readonly child: ChildProcess;
  readonly address: string;
  readonly setupToken: string | undefined;
  /** Everything that it has said so far, on both streams. */
  said(): string;
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `serve` on a free port. Rejects with what it said where it ends before it answers. */
export async function serveProduct(
  dataDir: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServedProduct> {
  const all = [MAIN, "serve", "--data-dir", dataDir, "--listen", "127.0.0.1:0", "--json", ...args];
  const child = spawn(process.execPath, all, {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const parts: string[] = [];
  let standardOutput = "";
  const ended = once(child, "exit");
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      parts.push(text);
      standardOutput += text;
      const end = standardOutput.indexOf("\n");
      if (end !== -1) resolve(standardOutput.slice(0, end));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => parts.push(text));
    ended.then(() => reject(new Error(`The server ended: ${parts.join("")}`)), reject);
    sleep(START_MS, undefined, { ref: false }).then(() => reject(new Error(`No answer: ${parts.join("")}`)), reject);
  });
  try {
    const { address, setup_url } = JSON.parse(await line) as { address: string; setup_url?: string };
    const stop = async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    };
    return { child, address, setupToken: setup_url?.split("token=")[1], said: () => parts.join(""), stop };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into, it names.
  readonly body: any;
}

/** Asks the API, with the cookie of a session. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** Makes the administrator's account, or signs in where there is one. */
export async function signIn({ address, setupToken }: ServedProduct): Promise<Ask> {
  const headers: Record<string, string> = { "content-type": "application/json", "x-cistern": "1", origin: address };
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${address}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer =
    setupToken === undefined
      ? await send("POST", "/api/v1/session", administrator)
      : await send("POST", "/api/v1/setup", { token: setupToken, ...administrator });
  if (!answer.ok) throw new Error(`Not signed in: ${answer.status} ${await answer.text()}`);
  headers.cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return async (method, path, body) => {
    const response = await send(method, path, body);
    const text = await response.text();
    const isJson = /[/+]json$/.test(response.headers.get("content-type")?.split(";")[0] ?? "");
    return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
  };
}

/** Resolves with what `look` finds, once it finds it; fails after `limitMs` with what it was waiting for. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await sleep(100);
  }
}
