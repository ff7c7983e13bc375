// What an error of PostgreSQL, or of the way there, means for the batch. The five characters of SQLSTATE decide, never the words, which
// come in the server's language.
import { networkFailure } from "../../http/network-failure.ts";
import { quoted } from "../../http/outlet-error.ts";
import { CollectorError, type ErrorCode } from "../../model/errors.ts";
import { rowColumns } from "./row.ts";

/** The parts of an answer of the server that are read. Its detail is not: it quotes content. */
interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly column?: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly action: string;
}

export interface PostgresqlAbout {
  readonly host: string;
  /** Cut out of what is quoted. */
  readonly secrets: readonly string[];
}

const passing: Meaning = { code: "unavailable", reason: "server_error", action: "If it stays, check the server" };
const refused: Meaning = { code: "rejected", reason: "malformed", action: "Look at the dead letter" };
const signIn: Meaning = {
  code: "auth_failed",
  reason: "credentials_refused",
  action: "Check user and password, and that pg_hba.conf lets this machine in as that user",
};
const table: Meaning = {
  code: "config_invalid",
  reason: "table_unsuitable",
  action: "Compare the table with the one that docs/destinations/postgresql.md describes",
};

/** By SQLSTATE, else by its class, which is its first two characters. */
const meanings: Readonly<Record<string, Meaning>> = {
  "08": passing,
  "40": passing,
  "53": { ...passing, reason: "overloaded", action: "Look for full disks and for too many connections on the server" },
  "55": passing,
  "57": passing,
  "58": passing,
  XX: passing,
  "25": passing,
  "25006": {
    ...passing,
    reason: "read_only",
    action: "Enter the address of the primary: this server is a replica, or takes no changes",
  },
  "57014": {
    ...passing,
    reason: "answer_timeout",
    action: "If it stays, look for locks on the table, or raise timeout_seconds",
  },
  "22": refused,
  "23": refused,
  "44": refused,
  P0: refused,
  "54": { ...refused, reason: "too_large" },
  "28": signIn,
  "42501": {
    code: "auth_failed",
    reason: "permission_missing",
    action: "Grant the user USAGE on the schema, and INSERT and SELECT on the table",
  },
  "42": table,
  "0A": table,
  "42P01": {
    code: "config_invalid",
    reason: "table_missing",
    action: "Create the table, or run the connection test with create_table on",
  },
  "42P10": {
    ...table,
    reason: "key_not_unique",
    action: "Give the column key a primary key or a unique index of its own: without it, repeats would be second rows",
  },
  "3D": { code: "config_invalid", reason: "database_missing", action: "Check the name of the database" },
  "3F": { code: "config_invalid", reason: "schema_missing", action: "Create the schema, or correct the table's name" },
};

const unfilledColumn: Meaning = {
  ...table,
  action: "Give the columns that Cistern does not know a default, or let them be null",
};

/** Whether the server itself answered: the way to it is all right then. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "severity" in error && typeof (error as { code?: unknown }).code === "string";
}

/** The error as the engine and people understand it; what already is one comes back as it is. */
export function postgresqlError(error: unknown, about: PostgresqlAbout): unknown {
  if (isServerError(error)) return answered(error, about);
  const { host } = about;
  const message = error instanceof Error ? error.message : "";
  if (message.startsWith("SASL"))
    return new CollectorError(signIn.code, `${host} did not accept the sign-in`, { ...signIn, cause: error });
  if (/does not support SSL|establishing an SSL connection/.test(message))
    return new CollectorError("config_invalid", `${host} does not speak TLS`, {
      reason: "tls_not_offered",
      action:
        "Switch TLS on at the server; or, within a private network that is named under allow_networks, set tls to false",
    });
  if (message.startsWith("Connection terminated") || message.startsWith("Client has encountered"))
    return new CollectorError("unavailable", `The connection to ${host} broke off`, {
      reason: "connection_reset",
      action: "If it stays, check what stands between",
      cause: error,
    });
  return networkFailure(error, host);
}

function answered(error: ServerError, { host, secrets }: PostgresqlAbout): CollectorError {
  const { code, reason, action } = meaningOf(error);
  return new CollectorError(code, `${host} answered ${error.code}: ${quoted(words(error), secrets)}`, {
    reason,
    action,
  });
}

function meaningOf({ code, column }: ServerError): Meaning {
  const ours: readonly string[] = rowColumns;
  if (code === "23502" && column !== undefined && !ours.includes(column)) return unfilledColumn;
  const unknown: Meaning = { code: "protocol", reason: "unexpected_answer", action: "Look at the server's log" };
  return meanings[code] ?? meanings[code.slice(0, 2)] ?? unknown;
}

/** Errors about data end with the datum. */
const words = ({ code, message }: ServerError) => (code.startsWith("22") ? message.replace(/: ".*$/s, "") : message);
