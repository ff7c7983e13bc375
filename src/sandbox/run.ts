import { parseArgs } from "node:util";
import type { SandboxOptions } from "./options.ts";
import { parseQuirks } from "./quirks.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

/** What `runSandbox` needs of the process around it. */
export interface RunContext {
  /** Receives the one line of JSON once the sandbox answers. */
  readonly print: (line: string) => void;
  /** Ends the sandbox when it aborts. */
  readonly signal: AbortSignal;
}

/** Starts a sandbox, prints where it is and its keys as one line of JSON, and resolves once it has been stopped. */
export async function runSandbox(options: SandboxOptions, context: RunContext): Promise<void> {
  const sandbox = await startSandbox(options);
  context.print(describe(sandbox));
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    context.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await sandbox.close();
}

/** The line that tells a script how to reach a sandbox. */
export function describe(sandbox: Sandbox): string {
  return JSON.stringify({
    base_url: sandbox.baseUrl,
    workspace_id: sandbox.workspaceId,
    organization_id: sandbox.organizationId,
    key: sandbox.key,
    keys: sandbox.keys,
    storage_url: sandbox.storageUrl,
  });
}

/** The options that command-line flags mean. Throws a `TypeError` for an unknown flag or a wrong value. */
export function optionsFromArgs(args: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: "string" },
      "storage-port": { type: "string" },
      seed: { type: "string" },
      days: { type: "string" },
      people: { type: "string" },
      "events-per-day": { type: "string" },
      "start-at": { type: "string" },
      "file-interval-ms": { type: "string" },
      "live-factor": { type: "string" },
      "no-live": { type: "boolean" },
      rate: { type: "string" },
      "signed-url-life-ms": { type: "string" },
      quirks: { type: "string" },
      "bulk-files": { type: "string" },
      "bulk-lines": { type: "string" },
    },
  });
  const number = (flag: keyof typeof values): number | undefined => {
    const text = values[flag];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) throw new TypeError(`--${flag} must be a number`);
    return value;
  };
  const [host, port] = hostAndPort(values.listen);
  const bulkFiles = number("bulk-files");
  return given({
    host,
    port,
    storagePort: number("storage-port"),
    seed: number("seed"),
    days: number("days"),
    people: number("people"),
    eventsPerDay: number("events-per-day"),
    startAt: values["start-at"],
    fileIntervalMs: number("file-interval-ms"),
    liveFactor: number("live-factor"),
    live: values["no-live"] ? false : undefined,
    ratePerMinute: number("rate"),
    signedUrlLifeMs: number("signed-url-life-ms"),
    quirks: values.quirks === undefined ? undefined : parseQuirks(JSON.parse(values.quirks)),
    bulk: bulkFiles === undefined ? undefined : { files: bulkFiles, linesPerFile: number("bulk-lines") ?? 1000 },
  });
}

function hostAndPort(listen: string | undefined): [string | undefined, number | undefined] {
  if (listen === undefined) return [undefined, undefined];
  const match = /^(?:(.+):)?(\d+)$/.exec(listen);
  if (!match) throw new TypeError("--listen must be HOST:PORT");
  return [match[1], Number(match[2])];
}

type Optional<T> = { readonly [Name in keyof T]: T[Name] | undefined };

function given(options: Optional<Required<SandboxOptions>> | Optional<SandboxOptions>): SandboxOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as SandboxOptions;
}

if (import.meta.main) {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
  await runSandbox(optionsFromArgs(process.argv.slice(2)), {
    print: (line) => process.stdout.write(`${line}\n`),
    signal: stop.signal,
  });
}
