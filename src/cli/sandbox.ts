import type { Command } from "commander";
import type { Listen } from "../config/listen.ts";
import { CollectorError } from "../model/errors.ts";
import { listenOption, positiveArgument, wholeArgument } from "./arguments.ts";
import { type Cli, print } from "./cli.ts";
import { defineCommand } from "./define-command.ts";

interface Options {
  readonly listen: Listen;
  readonly json?: boolean;
  readonly storagePort?: number;
  readonly seed?: number;
  readonly days?: number;
  readonly people?: number;
  readonly eventsPerDay?: number;
  readonly liveFactor?: number;
  readonly live: boolean;
  readonly startAt?: string;
  readonly fileIntervalMs?: number;
  readonly rate?: number;
  readonly signedUrlLifeMs?: number;
  readonly quirks?: string;
  readonly untilInputEnds?: boolean;
  readonly bulkFiles?: number;
  readonly bulkLines?: number;
}

const text = {
  summary: "run the compliance API emulator alone",
  description:
    "Prints one line of JSON with its address, its ids and its keys once it answers, and runs until it is stopped.\nThe same seed makes the same company and the same bytes.",
  examples: [
    ["cistern sandbox", "30 days of a made-up company on 127.0.0.1:7412"],
    ["cistern sandbox --listen 127.0.0.1:0 --seed 7", "another company, on any free port"],
    ["cistern sandbox --rate 0 --no-live", "without rate limits, and with nothing new coming"],
  ],
} as const;

export function sandboxCommand(cli: Cli): Command {
  return defineCommand("sandbox", text)
    .addOption(
      listenOption("where to listen; port 0 is any free one").default(
        { host: "127.0.0.1", port: 7412 },
        "127.0.0.1:7412",
      ),
    )
    .option(
      "--storage-port <port>",
      "port of the signed storage host (default: the one after that of --listen)",
      wholeArgument(0, 65_535),
    )
    .option("--seed <number>", "decides everything that is made up (default: 1)", wholeArgument(0))
    .option("--days <number>", "days of history (default: 30)", positiveArgument)
    .option("--people <number>", "people in the company (default: 60)", wholeArgument(1))
    .option(
      "--events-per-day <number>",
      "events of all types on a weekday (default: 60 for each person)",
      positiveArgument,
    )
    .option(
      "--live-factor <number>",
      "how many times the traffic of the history comes live (default: 1)",
      positiveArgument,
    )
    .option("--no-live", "publish nothing new")
    .option("--start-at <instant>", "where the clock starts, such as 2026-07-15T12:00:00Z (default: now)")
    .option(
      "--file-interval-ms <number>",
      "milliseconds between two live files of a type (default: 600000)",
      wholeArgument(1),
    )
    .option(
      "--rate <number>",
      "requests a minute on every route, 0 for no limit (default: as documented upstream)",
      wholeArgument(0),
    )
    .option(
      "--signed-url-life-ms <number>",
      "milliseconds for which a signed address works (default: 300000)",
      wholeArgument(1),
    )
    .option("--until-input-ends", "also end when standard input does, as with the process that started it")
    .option("--quirks <json>", "departures from faultless behaviour; docs/sandbox.md lists them")
    .option(
      "--bulk-files <number>",
      "serve only so many large files of equal lines (default: a company's files)",
      wholeArgument(1),
    )
    .option("--bulk-lines <number>", "lines in each of them (default: 1000); needs --bulk-files", wholeArgument(1))
    .action((options: Options) => run(cli, options));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { runSandbox } = await import("../sandbox/run.ts");
  const settings = await sandboxOptions(options);
  const signal = options.untilInputEnds ? AbortSignal.any([cli.stopSignal(), inputEnded()]) : cli.stopSignal();
  try {
    await runSandbox(settings, { print: (line) => print(cli, line), signal });
  } catch (error) {
    throw explained(error, options.listen);
  } finally {
    // Input that is still open would keep the process alive after a signal has ended it.
    if (options.untilInputEnds) process.stdin.destroy();
  }
}

function inputEnded(): AbortSignal {
  const ended = new AbortController();
  process.stdin.resume().once("close", () => ended.abort());
  return ended.signal;
}

async function sandboxOptions(options: Options) {
  const { listen, rate, bulkFiles, bulkLines, quirks, json: _, untilInputEnds: __, ...rest } = options;
  const { parseQuirks } = await import("../sandbox/quirks.ts");
  return {
    ...rest,
    ...listen,
    ...(rate === undefined ? {} : { ratePerMinute: rate }),
    ...(bulkFiles === undefined ? {} : { bulk: { files: bulkFiles, linesPerFile: bulkLines ?? 1_000 } }),
    ...(quirks === undefined ? {} : { quirks: usable(() => parseQuirks(parseJson(quirks))) }),
  };
}

/** A quirk that makes no sense, as a sentence with a remedy. */
function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TypeError ? quirksRefused(error.message, error) : error;
  }
}

const quirksRefused = (message: string, cause: unknown) =>
  new CollectorError("config_invalid", message, {
    cause,
    reason: "usage",
    action: `Write it like '{"malformedLines":0.1}'; docs/sandbox.md lists the names`,
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw quirksRefused("The value of --quirks is not JSON", cause);
  }
}

/** A port that is taken, and an option that makes no sense, as sentences. */
function explained(error: unknown, { host, port }: Listen): unknown {
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    const action = "Stop what listens there, or choose another with --listen; port 0 takes any free one";
    return new CollectorError("config_invalid", `The address ${host}:${port} is taken`, {
      cause: error,
      reason: "address_taken",
      action,
    });
  }
  if (error instanceof TypeError)
    return new CollectorError("config_invalid", error.message, { cause: error, reason: "usage" });
  return error;
}
