// The sandbox and the server as processes of their own, with one collector between them; for provoking states.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HealthReport } from "../../src/model/health.ts";
import { type Ask, eventually, type ServedProduct, serveProduct, signIn } from "../served-product.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

export interface SandboxProcess {
  readonly child: ChildProcess;
  readonly baseUrl: string;
  readonly workspaceId: string;
  readonly key: string;
  /** Uses the sandbox's own switches. */
  control(method: string, path: string, body: unknown): Promise<void>;
}

export interface World {
  readonly dataDir: string;
  readonly sandbox: SandboxProcess;
  readonly product: ServedProduct;
  readonly ask: Ask;
  /** What the API now says of the data source. */
  report(): Promise<HealthReport>;
  /** Stops the server, does `between`, and starts it again, without the configuration file. */
  restart(between: () => void): Promise<void>;
}

export interface WorldOptions {
  /** Further arguments of `sandbox`. */
  readonly sandbox?: readonly string[];
  readonly dataSource?: string;
  readonly settings?: (sandbox: SandboxProcess) => Readonly<Record<string, unknown>>;
  /** The folder to use as it is; default: a new one. */
  readonly dataDir?: string;
}

/** Runs `use` in a world of its own and takes it down afterwards, whatever happens. */
export async function inWorld<T>(options: WorldOptions, use: (world: World) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-health-"));
  const sandbox = await startSandboxProcess(options.sandbox ?? []);
  let product: ServedProduct | undefined;
  try {
    const dataDir = options.dataDir ?? join(folder, "data");
    const config = join(folder, "cistern.yaml");
    writeFileSync(config, JSON.stringify(configurationOf(sandbox, options)));
    product = await serveProduct(dataDir, { args: ["--config", config] });
    let ask = await signIn(product);
    const world: World = {
      dataDir,
      sandbox,
      get product() {
        return product!;
      },
      get ask() {
        return ask;
      },
      report: () => reportOf(ask),
      async restart(between) {
        await product!.stop();
        between();
        product = await serveProduct(dataDir);
        ask = await signIn(product);
      },
    };
    return await use(world);
  } finally {
    await product?.stop();
    sandbox.child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** YAML is a superset of JSON. */
const configurationOf = (sandbox: SandboxProcess, { dataSource = "conversations", settings }: WorldOptions) => ({
  collectors: [
    {
      name: "made-up",
      connector: "chatgpt-enterprise",
      settings: {
        token: sandbox.key,
        workspace_id: sandbox.workspaceId,
        base_url: sandbox.baseUrl,
        ...settings?.(sandbox),
      },
      data_sources: [dataSource],
      poll_interval: "1s",
      requests_per_minute: 6_000,
    },
  ],
});

async function startSandboxProcess(args: readonly string[]): Promise<SandboxProcess> {
  const all = ["--days", "1", "--people", "4", "--events-per-day", "200", "--rate", "0", ...args];
  const child = spawn(process.execPath, [MAIN, "sandbox", "--listen", "127.0.0.1:0", "--until-input-ends", ...all], {
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { base_url: baseUrl, workspace_id: workspaceId, key } = JSON.parse(line) as Record<string, string>;
  return {
    child,
    baseUrl: baseUrl!,
    workspaceId: workspaceId!,
    key: key!,
    async control(method, path, body) {
      const url = new URL(`/_sandbox${path}`, baseUrl);
      const headers = { "content-type": "application/json" };
      const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    },
  };
}

async function reportOf(ask: Ask): Promise<HealthReport> {
  const { body: list } = await ask("GET", "/api/v1/collectors");
  const { body } = await ask("GET", `/api/v1/collectors/${list.collectors[0].id}`);
  return body.sources[0] as HealthReport;
}

/** Resolves once the data source has that cause; fails with what it had instead. */
export async function untilCause(world: World, cause: string, limitMs: number): Promise<HealthReport> {
  let last: HealthReport | undefined;
  const look = async () => {
    last = await world.report();
    return last.cause === cause ? last : undefined;
  };
  try {
    return await eventually(`the cause ${cause}`, look, limitMs);
  } catch (error) {
    throw new Error(`${(error as Error).message}; it was ${last?.cause}: ${last?.reason}`, { cause: error });
  }
}
