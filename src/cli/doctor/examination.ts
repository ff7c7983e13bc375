import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import { systemPause } from "../../runtime/clock.ts";
import { type ChainHead, chainHeads } from "../../store/sqlite/chain-check.ts";
import { asStorageError } from "../../store/sqlite/connection.ts";
import { type Cli, environmentOf } from "../cli.ts";
import { CONTROL_DATABASE, openControlOf, STORE_DATABASE } from "../compose.ts";
import { progressOn } from "../progress.ts";
import { checksOf, STOPS } from "./checks.ts";
import { type Check, type CheckOutcome, type Examination, RESTORE } from "./examine.ts";
import { type Survey, surveyEvents } from "./survey.ts";
import { isTooLarge } from "./survey-file.ts";

/** What one check has found. */
export interface CheckResult extends CheckOutcome {
  readonly id: string;
  readonly invariant?: string;
  readonly title: string;
}

export interface Examined {
  readonly results: readonly CheckResult[];
  /** Heads of the log chain, to be noted elsewhere. */
  readonly chain: readonly ChainHead[];
  /** Files whose events were compared with the ledger's counts only. */
  readonly linksOnly: number;
}

export interface ExaminationOptions {
  readonly dataDir: string;
  readonly full: boolean;
  readonly expectedHeads: readonly ChainHead[];
  readonly onResult: (result: CheckResult) => void;
}

/** Runs every check on a data folder that holds data, beside a server that may run on it. Changes nothing. */
export async function examine(cli: Cli, options: ExaminationOptions): Promise<Examined> {
  const { dataDir, onResult } = options;
  const control = await openControlOf(cli, dataDir, true);
  const controlDb = new DatabaseSync(join(dataDir, CONTROL_DATABASE), { readOnly: true, timeout: 5_000 });
  const opened: DatabaseSync[] = [controlDb];
  try {
    const db = openStore(dataDir);
    opened.push(db);
    const survey = once(cli, db);
    const examination: Examination = {
      db,
      dataDir,
      full: options.full,
      nowMs: () => cli.now().getTime(),
      progress: (title) => progressOn(cli, title, { quietly: true }),
      survey: survey.of,
      control,
      controlDb,
    };
    const checks = checksOf({ secretKey: environmentOf(cli).secretKey, expectedHeads: options.expectedHeads });
    const results = await runAll(checks, examination, onResult);
    const stopped = results.length < checks.length;
    return { results, chain: stopped ? [] : chainHeads(db), linksOnly: survey.done()?.linksOnly ?? 0 };
  } catch (error) {
    throw asStorageError(error);
  } finally {
    for (const db of opened) db.close();
    control.control.close();
  }
}

function once(cli: Cli, db: DatabaseSync): { readonly of: () => Survey; readonly done: () => Survey | undefined } {
  let survey: Survey | undefined;
  const of = () => {
    if (survey !== undefined) return survey;
    const progress = progressOn(cli, "Reading every event", { quietly: true });
    try {
      survey = surveyEvents(db, { nowMs: () => cli.now().getTime(), pause: systemPause, progress });
      return survey;
    } finally {
      progress.end();
    }
  };
  return { of, done: () => survey };
}

async function runAll(
  checks: readonly Check[],
  examination: Examination,
  onResult: ExaminationOptions["onResult"],
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { id, title } = check;
    const outcome = await runCheck(check, examination);
    const result = { id, ...(check.invariant !== undefined && { invariant: check.invariant }), title, ...outcome };
    results.push(result);
    onResult(result);
    // A broken structure or another schema would only make the further checks fail in ways that mislead.
    if (STOPS.includes(id) && result.violations.length > 0) break;
  }
  return results;
}

/** What damage makes of a read is a finding as well. */
async function runCheck(check: Check, examination: Examination): Promise<CheckOutcome> {
  try {
    return await check.run(examination);
  } catch (error) {
    if (isTooLarge(error))
      return damage("The database holds a number that Cistern never writes", RESTORE, (error as Error).message);
    const failure = asStorageError(error);
    if (!(failure instanceof CollectorError) || failure.code !== "storage" || failure.reason === "busy") throw failure;
    return damage(failure.message, failure.action ?? RESTORE, (failure.cause as Error | undefined)?.message);
  }
}

const damage = (what: string, remedy: string, place: string | undefined): CheckOutcome => ({
  examined: 1,
  violations: [{ what, count: 1, examples: place === undefined ? [] : [place], remedy }],
});

function openStore(dataDir: string): DatabaseSync {
  const path = join(dataDir, STORE_DATABASE);
  if (!existsSync(path)) {
    throw new CollectorError("config_invalid", `There is no store in ${dataDir} yet`, {
      reason: "store_missing",
      action: "Start the server once, or name the data folder of one that has run",
    });
  }
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    db.prepare("SELECT 1 FROM sqlite_schema").get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
