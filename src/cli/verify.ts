import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { type Comparison, compareWithStore } from "../report/against-store.ts";
import type { ReportDocument } from "../report/document.ts";
import { type Verification, verifyReport } from "../report/verify.ts";
import { fingerprintOf, parsePublicKey } from "../security/signing.ts";
import { type Cli, print, printJson } from "./cli.ts";
import { openForReading } from "./compose.ts";
import { defineCommand, wrongUsage } from "./define-command.ts";
import { stepMark } from "./marks.ts";
import { plainText } from "./plain-text.ts";
import { progressOn } from "./progress.ts";
import { spokenNumber } from "./table.ts";

const SHOWN = 20;

const text = {
  summary: "check a completeness report",
  description:
    "Signature, exact bytes and sums, from the file alone: no network, no data folder. With --key, that this key has signed it; with\n--data-dir, also that the data folder's own key has, and that the ledger and every held event still say the same.\nEnds with 0 where the report is good, with 1 where it is not.",
  arguments: { report: "a file that cistern report completeness has written" },
  examples: [
    ["cistern verify june.json", "check it, anywhere"],
    ["cistern verify june.json --key cistern.pem", "and that it comes from whom you think"],
    ["cistern verify june.json --data-dir /var/lib/cistern", "and compare it with the data"],
  ],
} as const;

interface Options {
  readonly key?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function verifyCommand(cli: Cli): Command {
  const command = defineCommand("verify <report>", text)
    .option("--key <key>", "the public key: 64 hex digits, or a file with it, PEM or hex")
    .option("--data-dir <folder>", "also compare it with this data folder");
  command.action((file: string, options: Options) => verify(cli, command, file, options));
  return command;
}

async function verify(cli: Cli, command: Command, file: string, options: Options): Promise<void> {
  const document = new Uint8Array(readFileSync(file));
  const given = options.key === undefined ? undefined : keyOf(command, options.key);
  const alone = verifyReport(document, given === undefined ? undefined : [given]);
  const { report } = alone;
  const beside =
    report === undefined || options.dataDir === undefined
      ? undefined
      : await besideData(cli, options.dataDir, report, document);
  const faults = [...alone.faults, ...(beside?.faults ?? [])];
  if (faults.length > 0) cli.exitCode = 1;
  const authentic = given !== undefined || beside?.known === true;
  if (options.json) printJson(cli, jsonOf({ report, faults }, authentic, beside?.notes ?? []));
  else tell(cli, { report, faults }, { authentic, notes: beside?.notes ?? [] });
}

function keyOf(command: Command, given: string): string {
  const key = parsePublicKey(existsSync(given) ? readFileSync(given, "utf8") : given);
  return (
    key ??
    wrongUsage(
      command,
      "--key is no Ed25519 public key",
      "Give 64 hex digits, or a file that cistern report key has written",
    )
  );
}

type Beside = Comparison & { readonly known: boolean };

async function besideData(cli: Cli, dataDir: string, report: ReportDocument, document: Uint8Array): Promise<Beside> {
  const { findSigningKey } = await import("../control/signing-key.ts");
  const folder = await openForReading(cli, dataDir);
  const progress = progressOn(cli, "Hashing the events again", { quietly: true });
  try {
    const { reader } = folder;
    const issued = await reader.issuedReports(report.collector.id, Number.MAX_SAFE_INTEGER);
    // A key that was lost and made anew leaves the old one's reports as good as they were.
    const keys = [findSigningKey(dataDir)?.publicKey, ...issued.map(({ publicKey }) => publicKey)];
    const known = keys.includes(report.signing.public_key);
    const total = report.data_sources.reduce((sum, { counts }) => sum + counts.held, 0);
    let done = 0;
    const onHashed = (events: number) => {
      done += events;
      progress.update(Math.min(done, total), total, spokenNumber(done));
    };
    const { faults, notes } = await compareWithStore(reader, report, { document, onHashed });
    const stranger = known ? [] : ["It was signed with a key that this data folder never had"];
    return { faults: [...stranger, ...faults], notes, known };
  } finally {
    progress.end();
    await folder.close();
  }
}

const jsonOf = ({ report, faults }: Verification, authentic: boolean, notes: readonly string[]) => ({
  ok: faults.length === 0,
  faults,
  notes,
  key_checked: authentic,
  report: report?.id,
  fingerprint: report && fingerprintOf(report.signing.public_key),
  corrects: report && [...new Set(report.corrections.map((one) => one.report))],
  data_sources: report?.data_sources.map(({ name, complete, minutes }) => ({ name, complete, minutes })),
});

interface Beyond {
  readonly authentic: boolean;
  readonly notes: readonly string[];
}

function tell(cli: Cli, { report, faults }: Verification, { authentic, notes }: Beyond): void {
  const ok = faults.length === 0;
  print(
    cli,
    `${stepMark(ok ? "ok" : "failed", cli.stdout)}  ${ok ? "The report is as it was issued." : "The report is not as it must be."}`,
  );
  for (const fault of faults.slice(0, SHOWN)) print(cli, `    ${plainText(fault)}`);
  if (faults.length > SHOWN) print(cli, `    and ${spokenNumber(faults.length - SHOWN)} more`);
  if (!ok || report === undefined) return;
  const { collector, interval, data_sources, corrections, signing } = report;
  print(cli, `${plainText(collector.name)}, ${interval.from} to ${interval.to}, issued ${report.issued_at}`);
  for (const { name, complete, rehash } of data_sources) {
    const damaged =
      rehash.mismatched.length > 0
        ? `; ${spokenNumber(rehash.mismatched.length)} events had other bytes than stored`
        : "";
    print(cli, `    ${plainText(name)}: ${complete ? "complete" : "not complete"}${damaged}`);
  }
  for (const corrected of new Set(corrections.map((one) => one.report)))
    print(cli, `    corrects the report ${plainText(corrected)}`);
  for (const note of notes) print(cli, `    ${plainText(note)}`);
  print(cli, `Signed with ${signing.fingerprint}${authentic ? "." : ""}`);
  if (!authentic)
    print(
      cli,
      "    → Whose key that is, only a comparison tells: give --key, or compare the fingerprint with its owner's",
    );
}
