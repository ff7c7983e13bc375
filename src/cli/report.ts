import { userInfo } from "node:os";
import type { Command } from "commander";
import { MINUTE_US } from "../model/coverage.ts";
import type { CompletenessReports, Correction, IssuedReport } from "../model/report.ts";
import { isoFromUs } from "../model/time.ts";
import { instantArgument } from "./arguments.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { collectorNamed, knownConnectors, openControlOf, openForReading, openStoreBesideServer } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, defineGroup, wrongUsage } from "./define-command.ts";
import { plainText } from "./plain-text.ts";
import { progressOn } from "./progress.ts";
import { spokenNumber, tableLines } from "./table.ts";
import { writeWhole } from "./write-whole.ts";

/** Of each collector. */
const MOST_LISTED = 1_000;

const text = {
  summary: "issue a signed report of what is complete, missing and lost",
  description:
    "For each data source: minutes by state, files with hashes and counts, gaps and holes. Every held event of the time is read and\nhashed again. Signed with signing.key of the data folder, which is made when first needed. What later files or gaps change of\nan earlier report is named in the next one. Works while a server runs.",
  examples: [
    [
      "cistern report completeness --collector prod --from 2026-06-01 --to 2026-07-01 --out june.json --html june.html",
      "a month, to be kept and to be printed",
    ],
    ["cistern verify june.json", "check it, anywhere"],
  ],
} as const;

const keyText = {
  summary: "print the public key that reports are signed with",
  description: "Give it to whoever checks your reports. Makes signing.key where there is none yet.",
  examples: [
    ["cistern report key", "key and fingerprint"],
    ["cistern report key > cistern.pem && cistern verify june.json --key cistern.pem", "use it"],
  ],
} as const;

const listText = {
  summary: "list the reports that were issued, and what has come to light since",
  examples: [["cistern report list --collector prod", "those of one collector, the latest first"]],
} as const;

interface Options {
  readonly collector?: string;
  readonly from?: number;
  readonly to?: number;
  readonly out?: string;
  readonly html?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function reportCommand(cli: Cli): Command {
  const completeness = defineCommand("completeness", text)
    .option("--collector <name>", "the collector; needed where there is more than one")
    .requiredOption("--from <instant>", "a whole minute, or a day", instantArgument)
    .requiredOption("--to <instant>", "a whole minute, or a day", instantArgument)
    .option("--out <file>", "where the report goes; default: standard output")
    .option("--html <file>", "also a page for printing")
    .addOption(dataDirOption());
  completeness.action((options: Options) => issueReport(cli, completeness, options));
  const list = defineCommand("list", listText)
    .option("--collector <name>", "only reports of this collector")
    .addOption(dataDirOption())
    .action((options: Options) => listReports(cli, options));
  const key = defineCommand("key", keyText)
    .addOption(dataDirOption())
    .action((options: Options) => printKey(cli, options));
  return defineGroup(
    "report",
    {
      summary: "completeness reports, signed",
      examples: [["cistern report completeness --from 2026-06-01 --to 2026-07-01 --out june.json", "report a month"]],
    },
    [completeness, list, key],
  );
}

async function issueReport(cli: Cli, command: Command, options: Options): Promise<void> {
  const [from, to] = [options.from!, options.to!];
  if (from >= to) wrongUsage(command, "--from must be before --to");
  if (from % MINUTE_US !== 0 || to % MINUTE_US !== 0) wrongUsage(command, "--from and --to must be whole minutes");
  const dataDir = dataDirOf(cli, options);
  const { document, page } = await withReports(cli, dataDir, async ({ reports, collectors, record }) => {
    const { id: collectorId } = pick(command, collectors, options.collector);
    const progress = progressOn(cli, "Hashing the events again", { quietly: true });
    try {
      const onProgress = (done: number, total: number) => progress.update(done, total, spokenNumber(done));
      const by = `${userInfo().username} (command line)`;
      const issued = await reports.issue({ collectorId, from: isoFromUs(from), to: isoFromUs(to), by, onProgress });
      record(collectorId, { report: issued.id, from: isoFromUs(from), to: isoFromUs(to) });
      return { document: issued.document, page: reports.page(issued.document) };
    } finally {
      progress.end();
    }
  });
  if (options.html !== undefined) writeWhole(options.html, page);
  if (options.out === undefined) cli.stdout.write(document);
  else writeWhole(options.out, document);
  tell(cli, document, options);
}

interface Opened {
  readonly reports: CompletenessReports;
  readonly collectors: readonly { readonly id: string; readonly name: string }[];
  record(collectorId: string, detail: Readonly<Record<string, unknown>>): void;
}

async function withReports<T>(cli: Cli, dataDir: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  const { createReports } = await import("../report/issue.ts");
  const { takeSigningKey } = await import("../control/signing-key.ts");
  const { systemRandomBytes } = await import("../runtime/clock.ts");
  const { version } = await import("../version.ts");
  const folder = await openForReading(cli, dataDir);
  const store = await openStoreBesideServer(cli, dataDir);
  const { control, access } = await openControlOf(cli, dataDir, false);
  try {
    const reports = createReports({
      reader: folder.reader,
      store,
      collector: (id) => control.collector(id),
      connectors: await knownConnectors(),
      signingKey: () => takeSigningKey(dataDir, systemRandomBytes),
      now: cli.now,
      randomBytes: systemRandomBytes,
      version,
    });
    const record: Opened["record"] = (object, detail) =>
      access.record({ who: "command line", action: "report.issued", object, detail });
    return await work({ reports, collectors: control.collectors(), record });
  } finally {
    control.close();
    await store.close();
    await folder.close();
  }
}

function pick(command: Command, collectors: Opened["collectors"], name: string | undefined) {
  if (name !== undefined) return collectorNamed(collectors, name);
  if (collectors.length !== 1) wrongUsage(command, "--collector is needed: a report is of one collector");
  return collectors[0]!;
}

/** What it says, in a few lines on standard error; standard output belongs to the report. */
function tell(cli: Cli, document: Uint8Array, options: Options): void {
  const report = JSON.parse(new TextDecoder().decode(document));
  const { id, data_sources: sources, corrections, signing } = report;
  const summary = sources.map((source: { name: string; complete: boolean; minutes: object }) => ({
    data_source: source.name,
    complete: source.complete,
    minutes: source.minutes,
  }));
  if (options.json && options.out !== undefined) {
    printJson(cli, { id, out: options.out, fingerprint: signing.fingerprint, data_sources: summary, corrections });
    return;
  }
  for (const { data_source, complete } of summary)
    say(cli, `${plainText(data_source)}: ${complete ? "complete" : "not complete; the report says why"}`);
  const corrected = new Set(corrections.map((one: { report: string }) => one.report));
  if (corrected.size > 0)
    say(
      cli,
      `It corrects ${corrected.size === 1 ? "an earlier report" : `${corrected.size} earlier reports`}: ${[...corrected].join(", ")}.`,
    );
  say(cli, `Report ${id}, signed with ${signing.fingerprint}`);
}

async function listReports(cli: Cli, options: Options): Promise<void> {
  const { correctionsOf } = await import("../report/corrections.ts");
  const folder = await openForReading(cli, dataDirOf(cli, options));
  try {
    const collectors = folder.control.collectors();
    const wanted = options.collector === undefined ? collectors : [collectorNamed(collectors, options.collector)];
    const found = [];
    for (const { id, name } of wanted)
      for (const report of await folder.reader.issuedReports(id, MOST_LISTED))
        found.push({ ...report, collector: name, corrections: await correctionsOf(folder.reader, report) });
    if (options.json) printJson(cli, { reports: found.map(listedJson) });
    else if (found.length === 0) say(cli, "No report was issued.");
    else for (const line of listedLines(found)) print(cli, line);
  } finally {
    await folder.close();
  }
}

type Listed = IssuedReport & { readonly collector: string; readonly corrections: readonly Correction[] };

const listedJson = ({ id, collector, from, to, issuedAt, issuedBy, sha256, corrections }: Listed) => ({
  id,
  collector,
  from,
  to,
  issued_at: issuedAt,
  issued_by: issuedBy,
  sha256,
  corrections: corrections.map((one) => ({
    data_source: one.dataSource,
    contradicted: one.contradicted,
    files_added: one.filesAdded,
    files_changed: one.filesChanged,
    gaps_added: one.gapsAdded,
    gaps_closed: one.gapsClosed,
  })),
});

const listedLines = (found: readonly Listed[]) =>
  tableLines(
    ["REPORT", "COLLECTOR", "FROM", "TO", "ISSUED", "SINCE THEN"].map((heading) => ({ heading })),
    found.map(({ id, collector, from, to, issuedAt, corrections }) => [
      id,
      plainText(collector),
      from,
      to,
      issuedAt.slice(0, 19).concat("Z"),
      sinceThen(corrections),
    ]),
  );

const sinceThen = (corrections: readonly Correction[]) => {
  if (corrections.length === 0) return "nothing has changed";
  const names = corrections.map(({ dataSource }) => plainText(dataSource)).join(", ");
  return corrections.some(({ contradicted }) => contradicted) ? `corrected: ${names}` : `gone on: ${names}`;
};

async function printKey(cli: Cli, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  const { takeSigningKey } = await import("../control/signing-key.ts");
  const { fingerprintOf, publicKeyPem } = await import("../security/signing.ts");
  const { requireDataFolder } = await import("./compose.ts");
  const { systemRandomBytes } = await import("../runtime/clock.ts");
  requireDataFolder(dataDir);
  const { publicKey } = takeSigningKey(dataDir, systemRandomBytes);
  const fingerprint = fingerprintOf(publicKey);
  if (options.json) return printJson(cli, { public_key: publicKey, fingerprint, pem: publicKeyPem(publicKey) });
  print(cli, publicKeyPem(publicKey).trimEnd());
  say(cli, `Fingerprint ${fingerprint}`);
}
