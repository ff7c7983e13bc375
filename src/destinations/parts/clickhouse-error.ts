// What an answer of ClickHouse means for the batch. Its own number decides; it stands in a header, or in the body where the header was
// sent too early. The words of an error about data are not told: they quote content.
import { type AnswerAbout, outletError, quoted } from "../../http/outlet-error.ts";
import type { OutletAnswer } from "../../model/destination.ts";
import { CollectorError, type ErrorCode } from "../../model/errors.ts";

interface Meaning {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly action: string;
}

const passing: Meaning = {
  code: "unavailable",
  reason: "server_error",
  action: "If it stays, look at the server's log",
};
const busy: Meaning = {
  code: "rate_limited",
  reason: "throttled",
  action: "It passes by itself; if it stays, raise the limit",
};
const full: Meaning = { ...passing, reason: "overloaded", action: "If it stays, give the server more memory or disk" };
const refused: Meaning = { code: "rejected", reason: "malformed", action: "Look at the dead letter" };
const signIn: Meaning = { code: "auth_failed", reason: "credentials_refused", action: "Check user and password" };
const right: Meaning = {
  code: "auth_failed",
  reason: "permission_missing",
  action:
    "Grant the user INSERT on the table, and let it change the settings that docs/destinations/clickhouse.md lists",
};
const table: Meaning = {
  code: "config_invalid",
  reason: "table_unsuitable",
  action: "Compare the table with the one that docs/destinations/clickhouse.md describes",
};
const missing: Meaning = {
  code: "config_invalid",
  reason: "table_missing",
  action: "Create the table, or run the connection test with create_table on",
};
const tooOld: Meaning = {
  code: "config_invalid",
  reason: "version_unsupported",
  action: "Use a newer version of ClickHouse: this one does not know a setting that keeps repeats apart",
};
const tooManyParts: Meaning = {
  code: "rate_limited",
  reason: "throttled",
  action: "If it stays, look at the merges of the table: it has too many parts",
};
const tooManyPartitions: Meaning = {
  code: "rejected",
  reason: "too_large",
  action: "Partition the table more coarsely; it is sent in smaller pieces",
};

const numbers: readonly (readonly [Meaning, readonly number[]])[] = [
  [refused, [6, 25, 26, 27, 33, 38, 41, 53, 69, 72, 117, 131, 321, 349, 467, 469, 691]],
  [passing, [159, 209, 210, 225, 236, 242, 279, 285, 286, 319, 394, 425, 439, 733, 735, 999]],
  [full, [173, 241, 243, 745]],
  [busy, [201, 202, 203, 290, 749]],
  [signIn, [192, 193, 194, 195, 516]],
  [right, [164, 291, 452, 497]],
  [missing, [60]],
  [{ ...missing, reason: "database_missing", action: "Create the database, or correct its name" }, [81]],
  [table, [16, 36, 44, 47, 48]],
  [tooOld, [115]],
  [tooManyParts, [252]],
];
const meanings: ReadonlyMap<number, Meaning> = new Map(
  numbers.flatMap(([meaning, all]) => all.map((one) => [one, meaning])),
);

/** Words about these may be told: they name tables, users and limits. */
const tellable: readonly ErrorCode[] = ["auth_failed", "config_invalid", "rate_limited", "unavailable"];

/** The number of the exception that an answer tells of, whatever its status; undefined where it tells of none. */
export function exceptionIn({ headers, text }: OutletAnswer): number | undefined {
  const told = headers.get("x-clickhouse-exception-code") ?? /Code: (\d+)\. DB::Exception/.exec(text)?.[1];
  return told === undefined ? undefined : Number(told);
}

/** The error of an answer that is no success. */
export function clickhouseError(answer: OutletAnswer, about: AnswerAbout): CollectorError {
  const number = exceptionIn(answer);
  if (number === undefined) return outletError(answer, about);
  const meaning = meaningOf(number, answer);
  const name = [...answer.text.matchAll(/\(([A-Z][A-Z\d_]{2,})\)/g)].at(-1)?.[1] ?? "an error without a name";
  const known = meaning && tellable.includes(meaning.code);
  const words = known ? quoted(sentence(answer.text), about.secrets) : place(answer.text);
  const { code, reason, action } = meaning ?? outletError(answer, about);
  const message = `${about.host} answered ${number}, ${name}${words === "" ? "" : `: ${words}`}`;
  return new CollectorError(code, message, { reason, action, status: answer.status });
}

function meaningOf(number: number, { text }: OutletAnswer): Meaning | undefined {
  if (number === 252 && text.includes("max_partitions_per_insert_block")) return tooManyPartitions;
  return meanings.get(number);
}

/** Without number, name and version. */
const sentence = (text: string) =>
  text
    .replace(/^(?:Code: \d+\. DB::Exception: )+/, "")
    .replace(/\s*\([A-Z][A-Z\d_]{2,}\)(?: \(version[\s\S]*)?\s*$/, "");

/** Where in the batch something was wrong with the data. */
function place(text: string): string {
  const column = /while reading the value of key (\w+)/.exec(text)?.[1];
  const row = /\(at row (\d+)\)/.exec(text)?.[1];
  return [column && `column ${column}`, row && `row ${row}`].filter(Boolean).join(", ");
}
