// Whether a report is what was issued: signature, form, sums. Needs nothing but its bytes.
import { coverageStates, isComplete } from "../model/coverage.ts";
import { instantUs } from "../model/time.ts";
import { fingerprintOf, isSignedBy } from "../security/signing.ts";
import { canonical } from "./canonical.ts";
import { DocumentSchema, type ReportDocument, type ReportedFile, type SourceStatement, summed } from "./document.ts";

export interface Verification {
  /** Undefined where the bytes are no report at all. */
  readonly report: ReportDocument | undefined;
  /** One sentence for each thing that is not as it must be; none: the report is good. */
  readonly faults: readonly string[];
}

/** Checks a report's bytes. With `keys`, it must be one of them that signed; without, the key that the report names. */
export function verifyReport(bytes: Uint8Array, keys?: readonly string[]): Verification {
  const report = readExactly(bytes);
  if (typeof report === "string") return { report: undefined, faults: [report] };
  const faults = [...signatureFaults(report, keys), ...intervalFaults(report)];
  for (const source of report.data_sources)
    faults.push(...sourceFaults(source, report).map((fault) => `${source.name}: ${fault}`));
  return { report, faults };
}

/** The document, or why it is none. Only the canonical bytes are read: a change that changes no value is one too. */
function readExactly(bytes: Uint8Array): ReportDocument | string {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    return "It is not JSON, so it is no completeness report, or it was damaged";
  }
  const { data, error } = DocumentSchema.safeParse(value);
  if (error !== undefined) {
    const places = error.issues.map(({ path }) => path.join(".") || "the whole").slice(0, 3);
    return `It does not have the form of a completeness report (${places.join(", ")})`;
  }
  return `${canonical(data)}\n` === text
    ? data
    : "Its bytes are not those that were issued, though its values can be read";
}

function signatureFaults({ signature, ...statement }: ReportDocument, keys: readonly string[] | undefined): string[] {
  const { public_key, fingerprint } = statement.signing;
  const faults: string[] = [];
  if (fingerprintOf(public_key) !== fingerprint) faults.push("The fingerprint is not that of the key in the report");
  if (keys !== undefined && !keys.includes(public_key))
    faults.push("It was signed with another key than the one given");
  if (!isSignedBy(public_key, Buffer.from(canonical(statement)), signature))
    faults.push("The signature does not fit: the report was changed after it was issued");
  return faults;
}

function intervalFaults({ interval, data_sources }: ReportDocument): string[] {
  const { fromUs, toUs } = bounds(interval);
  const faults: string[] = [];
  if (fromUs >= toUs || (toUs - fromUs) / 60_000_000 !== interval.minutes)
    faults.push("The minutes of the interval are not those between its bounds");
  if (new Set(data_sources.map(({ name }) => name)).size !== data_sources.length)
    faults.push("A data source stands in it twice");
  return faults;
}

const bounds = ({ from, to }: { readonly from: string; readonly to: string }) => ({
  fromUs: instantUs(from)!,
  toUs: instantUs(to)!,
});

function sourceFaults(source: SourceStatement, report: ReportDocument): string[] {
  return [
    ...countFaults(source),
    ...source.files.flatMap(fileFaults),
    ...orderFaults(source, report),
    ...holeFaults(source, report),
    ...gapFaults(source, report),
    ...minuteFaults(source, report),
    ...claimFaults(source),
  ];
}

function countFaults({ counts, files, rehash }: SourceStatement): string[] {
  const faults: string[] = [];
  const expect = (name: keyof typeof counts, value: number) => {
    if (counts[name] !== value)
      faults.push(`${name.replaceAll("_", " ")}: it says ${counts[name]}, its files add up to ${value}`);
  };
  expect("files", files.length);
  for (const state of ["done", "pending", "quarantined", "expired"] as const)
    expect(`files_${state}`, files.filter((file) => file.state === state).length);
  for (const name of summed)
    expect(
      name,
      files.reduce((sum, { done }) => sum + (done?.[name] ?? 0), 0),
    );
  if (rehash.mismatched.length > rehash.events) faults.push("more events have other bytes than were read");
  return faults;
}

function fileFaults({ id, state, listed_sha256, done }: ReportedFile): string[] {
  if ((state === "done") !== (done !== null)) return [`the file ${id} is ${state}, and its counts say otherwise`];
  if (done === null) return [];
  const faults: string[] = [];
  if (done.lines !== done.inserted + done.duplicates + done.quarantined + done.tombstoned)
    faults.push(`the lines of the file ${id} do not add up`);
  if (done.held > done.inserted || done.conflicts > done.inserted)
    faults.push(`the file ${id} has more events held, or in conflict, than were inserted`);
  if (listed_sha256 !== null && listed_sha256.toLowerCase() !== done.sha256)
    faults.push(`the file ${id} has another hash than upstream listed`);
  return faults;
}

function orderFaults({ files }: SourceStatement, { interval }: ReportDocument): string[] {
  const { fromUs, toUs } = bounds(interval);
  const ends = files.map(({ end_time }) => instantUs(end_time)!);
  const faults: string[] = [];
  if (ends.some((end) => end <= fromUs || end > toUs)) faults.push("a file lies outside the interval");
  if (ends.some((end, index) => index > 0 && end < ends[index - 1]!)) faults.push("its files are out of order");
  if (new Set(files.map(({ id }) => id)).size !== files.length) faults.push("a file stands in it twice");
  return faults;
}

/** Every listed file that is not done is a hole, and every hole of the interval a listed file. */
function holeFaults({ files, holes }: SourceStatement, { interval }: ReportDocument): string[] {
  const { toUs } = bounds(interval);
  const text = (id: string, end: string, state: string) => JSON.stringify([id, end, state]);
  const listed = files
    .filter(({ state }) => state === "pending" || state === "quarantined")
    .map(({ id, end_time, state }) => text(id, end_time, state));
  const named = holes
    .filter(({ end_time }) => instantUs(end_time)! <= toUs)
    .map(({ file_id, end_time, state }) => text(file_id, end_time, state));
  return listed.join() === named.join() ? [] : ["its holes are not the files that are not done"];
}

function gapFaults({ gaps }: SourceStatement, { interval }: ReportDocument): string[] {
  const { fromUs, toUs } = bounds(interval);
  const faults: string[] = [];
  for (const gap of gaps) {
    const own = bounds(gap);
    if (own.fromUs < fromUs || own.toUs > toUs || own.fromUs > own.toUs) faults.push("a gap lies outside the interval");
    if (own.toUs > instantUs(gap.whole_to)!) faults.push("a gap is longer than the one recorded");
  }
  return faults;
}

function minuteFaults(
  { minutes, gaps, holes, files, complete, rehash, counts }: SourceStatement,
  report: ReportDocument,
) {
  const faults: string[] = [];
  const sum = coverageStates.reduce((total, state) => total + minutes[state], 0);
  if (sum !== report.interval.minutes)
    faults.push(`its minutes add up to ${sum}, the interval has ${report.interval.minutes}`);
  const bad = minutes.lost + minutes.missing;
  const isLost = gaps.some(({ reason }) => reason !== "suspected") || files.some(({ state }) => state === "expired");
  if (isLost && minutes.lost === 0) faults.push("something is lost, and no minute of it");
  if (holes.some(({ state }) => state === "quarantined") && bad === 0)
    faults.push("a file is quarantined, and no minute is missing");
  if (holes.length > 0 && bad + minutes.pending === 0) faults.push("files wait, and no minute is pending");
  const isWhole = isComplete(minutes) && rehash.mismatched.length === 0 && rehash.events === counts.held;
  if (complete !== isWhole)
    faults.push(`it says that it is ${complete ? "" : "not "}complete, and its minutes say otherwise`);
  return faults;
}

function claimFaults({ complete_through, scanned_to, allowance_seconds, holes }: SourceStatement): string[] {
  if (complete_through === null) return [];
  const claim = instantUs(complete_through)!;
  const faults: string[] = [];
  if (scanned_to === null || claim > instantUs(scanned_to)! - allowance_seconds * 1_000_000)
    faults.push("it claims more than was scanned, less the allowance");
  if (holes.some(({ end_time }) => instantUs(end_time)! < claim))
    faults.push("it claims more than its oldest hole allows");
  return faults;
}
