import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Command } from "commander";
import { hostText, isLoopback, type Listen } from "../config/listen.ts";
import type { Cistern, ServerOptions } from "../main.ts";
import { CollectorError } from "../model/errors.ts";
import { addressRanges } from "../security/server-policy.ts";
import { version } from "../version.ts";
import { collected, listenOption } from "./arguments.ts";
import { type Cli, environmentOf, print, say } from "./cli.ts";
import { configurationOf, start, startOptions } from "./compose.ts";
import { configOption, dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { framed } from "./frame.ts";

const text = {
  summary: "run console, API and engine",
  description:
    "The first start prints a one-time address with which the administrator's account is made.\nAn address other than loopback needs a certificate or a trusted proxy. SIGTERM stops it in an orderly way.",
  examples: [
    ["cistern serve", "on http://127.0.0.1:7411, data in ./data"],
    ["cistern serve --config cistern.yaml --data-dir /var/lib/cistern", "with collectors from a file"],
    ["cistern serve --listen 0.0.0.0:7411 --tls-cert c.pem --tls-key k.pem", "for other machines, with TLS"],
    ["cistern serve --listen 10.0.0.5:7411 --trusted-proxy 10.0.0.0/24", "behind a proxy that ends TLS"],
  ],
} as const;

interface Options {
  readonly config?: string;
  readonly dataDir?: string;
  readonly listen?: Listen;
  readonly publicUrl?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly trustedProxy?: readonly string[];
  readonly forceNetworkFs?: boolean;
  readonly json?: boolean;
}

export function serveCommand(cli: Cli): Command {
  const command = defineCommand("serve", text)
    .addOption(configOption())
    .addOption(dataDirOption())
    .addOption(listenOption("where to listen (CISTERN_LISTEN, default 127.0.0.1:7411); port 0 is any free one"))
    .option(
      "--public-url <url>",
      "the address under which browsers reach it (CISTERN_PUBLIC_URL, default: where it listens)",
    )
    .option("--tls-cert <file>", "PEM file with the certificate chain (CISTERN_TLS_CERT)")
    .option("--tls-key <file>", "PEM file with the private key (CISTERN_TLS_KEY)")
    .option(
      "--trusted-proxy <range>",
      "address range of proxies to believe (CISTERN_TRUSTED_PROXY); may be repeated",
      collected,
    )
    .option("--force-network-fs", "allow a data folder on a network file system, which can lose data");
  return command.action((options: Options) => serve(cli, command, options));
}

async function serve(cli: Cli, command: Command, options: Options): Promise<void> {
  const server = serverOptions(cli, command, options);
  const file = options.config ?? environmentOf(cli).configFile;
  const configuration = file === undefined ? undefined : await configurationOf(cli, file);
  const signal = cli.stopSignal();
  const base = await startOptions(cli, dataDirOf(cli, options));
  const { forceNetworkFs } = options;
  const cistern = await start(cli, { ...base, configuration, server, forceNetworkFs });
  announce(cli, cistern, server.publicUrl, options.json ?? false);
  await Promise.race([stopped(signal), cistern.broken]);
  if (signal.aborted)
    say(cli, "Stopping: what is in work is finished or left for the next start. A second signal ends at once.");
  await cistern.stop();
}

/** Resolves when the signal has aborted. */
export const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

function announce(cli: Cli, { address = "", setupToken }: Cistern, publicUrl: string | undefined, json: boolean): void {
  const setupUrl =
    setupToken === undefined ? undefined : `${(publicUrl ?? address).replace(/\/$/, "")}/setup#token=${setupToken}`;
  if (json) print(cli, JSON.stringify({ version, address, setup_url: setupUrl }));
  say(cli, `Cistern ${version} listens on ${address}`);
  if (setupUrl === undefined || json) return;
  const lines = ["First start: make the administrator's account at this address.", "It works once.", "", setupUrl];
  for (const line of framed(lines, cli.stderr.isTTY ?? false)) say(cli, line);
}

/** Options first, environment second. Refuses what would put content on a network in the clear. */
function serverOptions(cli: Cli, command: Command, options: Options): ServerOptions {
  const environment = environmentOf(cli);
  const listen = options.listen ?? environment.listen;
  const certFile = options.tlsCert ?? environment.tlsCertFile;
  const keyFile = options.tlsKey ?? environment.tlsKeyFile;
  if ((certFile === undefined) !== (keyFile === undefined)) wrongUsage(command, "--tls-cert and --tls-key go together");
  const tls = certFile && keyFile ? usable(pem("--tls-cert", certFile), pem("--tls-key", keyFile)) : undefined;
  const trustedProxies = options.trustedProxy ?? environment.trustedProxies;
  // Read again when the server starts; refused here, before anything is made.
  addressRanges(trustedProxies);
  if (!isLoopback(listen.host) && !tls && trustedProxies.length === 0) throw inTheClear(listen);
  const publicUrl = options.publicUrl ?? environment.publicUrl;
  if (publicUrl !== undefined && !(/^https?:\/\//.test(publicUrl) && URL.canParse(publicUrl))) {
    wrongUsage(command, "--public-url is an address such as https://cistern.example");
  }
  return { listen, publicUrl, tls, trustedProxies };
}

/** The pair as it is; refused here, before anything is made, where no server can be started with it. */
function usable(cert: string, key: string): { readonly cert: string; readonly key: string } {
  try {
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    throw new CollectorError("config_invalid", "The TLS certificate and its key cannot be used", {
      cause,
      reason: "tls_file",
      action: "Give the certificate chain and its private key as PEM files that belong together",
    });
  }
}

function pem(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    throw new CollectorError("config_invalid", `The file of ${option} cannot be read: ${file} (${code})`, {
      cause,
      reason: "tls_file",
      action: "Name a PEM file that the user who runs Cistern may read",
    });
  }
}

const inTheClear = ({ host, port }: Listen) =>
  new CollectorError(
    "config_invalid",
    `${hostText(host)}:${port} can be reached by other machines, and nothing would be encrypted`,
    {
      reason: "tls_needed",
      action:
        "Give --tls-cert and --tls-key, or --trusted-proxy with the range of a proxy that ends TLS, or listen on 127.0.0.1",
    },
  );
