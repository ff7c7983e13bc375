import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Command } from "commander";
import { CollectorError } from "../model/errors.ts";
import { withStorageErrors } from "../store/sqlite/connection.ts";
import { type Cli, print, printJson } from "./cli.ts";
import { openControlOf, requireDataFolder, STORE_DATABASE } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "./define-command.ts";
import { databaseChecks } from "./doctor/database-checks.ts";
import { eventChecks } from "./doctor/event-checks.ts";
import type { Check, CheckOutcome, Violation } from "./doctor/examine.ts";
import { ledgerChecks } from "./doctor/ledger-checks.ts";
import { stepMark } from "./marks.ts";
import { plainText } from "./plain-text.ts";
import { progressOn } from "./progress.ts";
import { spokenNumber } from "./table.ts";

const SHOWN = 20;

const text = {
  summary: "check every promise about what is stored",
  description:
    "Reads in short pages; works while a server runs, and changes nothing. Ends with 1 where anything is not as it must be.\nWith --full it also reads every page and index entry of a large database in one go.",
  examples: [
    ["cistern doctor", "check ./data"],
    ["cistern doctor --data-dir /var/lib/cistern --full --json", "everything, for a script"],
  ],
} as const;

interface Options {
  readonly full?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface Result extends CheckOutcome {
  readonly id: string;
  readonly title: string;
}

export function doctorCommand(cli: Cli): Command {
  return defineCommand("doctor", text)
    .option("--full", "also what takes a long read; best while no server runs")
    .addOption(dataDirOption())
    .action((options: Options) => examineAll(cli, options));
}

async function examineAll(cli: Cli, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  requireDataFolder(dataDir);
  const results: Result[] = [];
  const tell = (result: Result) => {
    results.push(result);
    if (!options.json) for (const line of lines(cli, result)) print(cli, line);
  };
  tell(await secretsResult(cli, dataDir));
  const db = openStore(dataDir);
  try {
    withStorageErrors(() => db.prepare("SELECT 1 FROM sqlite_schema").get());
    for (const check of [...databaseChecks, ...ledgerChecks, ...eventChecks]) {
      tell(runCheck(cli, check, { db, dataDir, full: options.full ?? false }));
      // A broken structure or another schema would only make the further checks fail in ways that mislead.
      if (STOPS.includes(check.id) && results.at(-1)!.violations.length > 0) break;
    }
  } finally {
    db.close();
  }
  const ok = results.every(({ violations }) => violations.length === 0);
  if (!ok) cli.exitCode = 1;
  if (options.json) printJson(cli, { ok, checks: results });
  else print(cli, ok ? "Everything is as it must be." : "Not everything is as it must be.");
}

const STOPS: readonly string[] = ["schema", "structure"];

function runCheck(cli: Cli, check: Check, parts: { db: DatabaseSync; dataDir: string; full: boolean }): Result {
  const progress = progressOn(cli, check.title, { quietly: true });
  try {
    const outcome = check.run({ ...parts, progress: (done, total) => progress.update(done, total) });
    return { id: check.id, title: check.title, ...outcome };
  } finally {
    progress.end();
  }
}

/** control.db can be opened, and the key at hand opens its secrets. */
async function secretsResult(cli: Cli, dataDir: string): Promise<Result> {
  const { control, secretKey } = await openControlOf(cli, dataDir, true);
  try {
    const { state, keyId } = secretKey.status();
    const violations: Violation[] = [];
    if (state !== "ok" && keyId !== undefined) {
      const what =
        state === "missing"
          ? `the key ${keyId} of the stored secrets is not at hand`
          : `the key at hand is not ${keyId}`;
      const remedy = "Put the saved secret.key back, or set CISTERN_SECRET_KEY as the server has it";
      violations.push({ what, remedy });
    }
    return { id: "secrets", title: "The stored secrets can be opened", examined: 1, violations };
  } finally {
    control.close();
  }
}

function openStore(dataDir: string): DatabaseSync {
  const path = join(dataDir, STORE_DATABASE);
  if (!existsSync(path)) {
    throw new CollectorError("config_invalid", `There is no store in ${dataDir} yet`, {
      reason: "store_missing",
      action: "Start the server once, or name the data folder of one that has run",
    });
  }
  return new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
}

function lines(cli: Cli, { title, examined, violations }: Result): readonly string[] {
  const ok = violations.length === 0;
  const state = ok && examined === 0 ? "skipped" : ok ? "ok" : "failed";
  const amount = examined > 1 ? `  (${spokenNumber(examined)})` : "";
  const remedies = [...new Set(violations.map(({ remedy }) => remedy))];
  const more = violations.length - SHOWN;
  return [
    `${stepMark(state, cli.stdout)}  ${title}${amount}`,
    ...violations.slice(0, SHOWN).map(({ what }) => `    ${plainText(what)}`),
    ...(more > 0 ? [`    and ${spokenNumber(more)} more`] : []),
    ...remedies.map((remedy) => `    → ${plainText(remedy)}`),
  ];
}
