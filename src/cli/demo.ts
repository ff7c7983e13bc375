import type { Command } from "commander";
import type { Listen } from "../config/listen.ts";
import type { Cistern, CisternOptions } from "../main.ts";
import { listenOption } from "./arguments.ts";
import { type Cli, environmentOf, print, say } from "./cli.ts";
import { knownConnectors, start, startOptions } from "./compose.ts";
import { defineCommand } from "./define-command.ts";
import { demoFilesFolder, installDestinations } from "./demo-destinations.ts";
import { type DemoFacts, emptyDemoFolder, openDemoFolder } from "./demo-folder.ts";
import { type DemoReceiver, startDemoReceiver } from "./demo-receiver.ts";
import { type DemoSandbox, startDemoSandbox } from "./demo-sandbox.ts";
import { framed } from "./frame.ts";
import { stopped } from "./serve.ts";

const COLLECTOR = "ChatGPT demo company";
const SITE = "Headquarters";

const text = {
  summary: "show everything at work on made-up data",
  description:
    "Starts the sandbox and a server with a collector on all its data sources, and an account to sign in with. What it collects is delivered to files and to a syslog receiver that it starts as well.\nThe data are kept in ./demo-data between runs.",
  examples: [
    ["cistern demo", "then open the address that it prints"],
    ["cistern demo --fresh", "forget the data of earlier runs"],
  ],
} as const;

interface Options {
  readonly dataDir: string;
  readonly listen?: Listen;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

export function demoCommand(cli: Cli): Command {
  return defineCommand("demo", text)
    .option("--data-dir <folder>", "where the demo's data are kept", "./demo-data")
    .addOption(listenOption("where to listen (CISTERN_LISTEN, default 127.0.0.1:7411); port 0 is any free one"))
    .option("--fresh", "empty the folder first")
    .action((options: Options) => demo(cli, options));
}

async function demo(cli: Cli, options: Options): Promise<void> {
  const { dataDir } = options;
  const listen = options.listen ?? environmentOf(cli).listen;
  if (options.fresh) emptyDemoFolder(dataDir);
  const facts = openDemoFolder(dataDir, cli.now());
  const signal = cli.stopSignal();
  const sandbox = await startDemoSandbox(cli, facts);
  const receiver = await startDemoReceiver({ now: cli.now, say: (line) => say(cli, line) }).catch(async (error) => {
    await sandbox.stop();
    throw error;
  });
  try {
    const server = { listen, publicUrl: undefined, trustedProxies: [] };
    const base = quieter(cli, await startOptions(cli, dataDir));
    const cistern = await start(cli, { ...base, server, demo: true });
    try {
      installDestinations(cistern, dataDir, receiver);
      await install(cistern, sandbox, facts);
      announce(cli, cistern, { sandbox, receiver, facts }, options);
      await Promise.race([stopped(signal), cistern.broken]);
      if (signal.aborted) say(cli, "Stopping.");
    } finally {
      await cistern.stop();
    }
  } finally {
    await receiver.stop();
    await sandbox.stop();
  }
}

/** What to open should not scroll away: only warnings, unless the environment asks for more. */
function quieter(cli: Cli, options: CisternOptions): CisternOptions {
  if (cli.variables.CISTERN_LOG_LEVEL) return options;
  return { ...options, logging: { ...options.logging, level: "warn" } };
}

/** The account and the collector, made at the first run and brought in line with the sandbox at each further one. */
async function install({ access, control, refresh }: Cistern, sandbox: DemoSandbox, facts: DemoFacts): Promise<void> {
  if (access.accounts().length === 0) {
    await access.createAccount({ name: facts.account, password: facts.password, roles: ["admin", "analyst"] });
  }
  const settings = {
    workspace_id: sandbox.workspace_id,
    organization_id: sandbox.organization_id,
    base_url: sandbox.base_url,
  };
  const existing = control.collectors().find(({ name }) => name === COLLECTOR);
  if (existing) {
    control.updateCollector(existing.id, { settings });
    control.setSecret(existing.id, "token", sandbox.key);
  } else {
    const [connector] = await knownConnectors();
    control.createCollector(
      {
        name: COLLECTOR,
        connector: connector!.name,
        settings,
        dataSources: connector!.dataSources.map(({ name }) => name),
        pausedDataSources: [],
        siteId: (control.sites().find(({ name }) => name === SITE) ?? control.createSite(SITE)).id,
        timezone: "Europe/Berlin",
        start: undefined,
        pollIntervalMs: 5_000,
        overlapMs: 86_400_000,
        requestsPerMinute: "auto",
        retentionDays: undefined,
        paused: false,
        managedBy: "console",
      },
      { token: sandbox.key },
    );
  }
  await refresh();
}

interface Parts {
  readonly sandbox: DemoSandbox;
  readonly receiver: DemoReceiver;
  readonly facts: DemoFacts;
}

function announce(
  cli: Cli,
  { address = "" }: Cistern,
  { sandbox, receiver, facts }: Parts,
  { dataDir, json = false }: Options,
): void {
  const { account: name, password } = facts;
  const files = demoFilesFolder(dataDir);
  const syslog = `127.0.0.1:${receiver.port}`;
  if (json) {
    print(cli, JSON.stringify({ address, name, password, sandbox: sandbox.base_url, files, syslog }));
    return;
  }
  const lines = [
    "The demo is running. All its data are made up.",
    "",
    `Open      ${address}`,
    `Name      ${name}`,
    `Password  ${password}`,
    "",
    `Events are delivered to files in ${files}`,
    `and to a syslog receiver at ${syslog}, which says now and then what has come.`,
    `The sandbox answers at ${sandbox.base_url}`,
    "Ctrl+C ends the demo; the data stay for the next time.",
  ];
  for (const line of framed(lines, cli.stderr.isTTY ?? false)) say(cli, line);
}
