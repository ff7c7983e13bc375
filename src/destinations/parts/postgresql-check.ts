// The staged connection test of the PostgreSQL destination.
import type { Client } from "pg";
import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../../model/check.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { insertInto, type Target, targetOf } from "./postgresql-insert.ts";
import { openSession, type PostgresqlContext, type Session } from "./postgresql-session.ts";
import { createTable, qualified, tableName } from "./postgresql-table.ts";

/** What came of connecting, where the server answered at all. */
type Answered = { readonly session: Session } | { readonly refusal: CollectorError };

/** From the first connection to the marked event in the table; what depends on a failed step is skipped. */
export async function* checkPostgresql(
  context: PostgresqlContext,
  event: OutgoingEvent,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const answered = yield* runStep("connect", "Connection", context.now, () => connect(context, signal));
  const session = answered && "session" in answered ? answered.session : undefined;
  try {
    if (answered) yield* runStep("sign-in", "Sign-in", context.now, () => signIn(context, answered, signal));
    else yield skippedStep("sign-in", "Sign-in", "There is no connection");
    if (!session) {
      yield skippedStep("table", "Table", "Nobody is signed in");
      yield skippedStep("deliver", "Test event", "Nobody is signed in");
      return;
    }
    const target = yield* runStep("table", "Table", context.now, () => findTable(context, session, signal));
    if (target) yield* runStep("deliver", "Test event", context.now, () => deliver(session, target, event, signal));
    else yield skippedStep("deliver", "Test event", "There is no table for it");
  } finally {
    await session?.close();
  }
}

/** The client connects and signs in at once; a refusal by the server itself is for the next step to tell. */
async function connect(context: PostgresqlContext, signal: AbortSignal): Promise<StepOutcome<Answered>> {
  const { host, port, tls } = context.settings;
  const detail = `${host}:${port} answers${tls ? " over TLS" : "; the connection is not encrypted"}`;
  try {
    return { state: "ok", detail, value: { session: await openSession(context, signal) } };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { state: "ok", detail, value: { refusal: error } };
  }
}

const unreached = ["address_forbidden", "certificate_unreadable", "tls_not_offered"];

const isRefusal = (error: unknown): error is CollectorError =>
  error instanceof CollectorError &&
  (error.code === "auth_failed" || error.code === "config_invalid") &&
  !unreached.includes(error.reason ?? "");

async function signIn(
  { settings }: PostgresqlContext,
  answered: Answered,
  signal: AbortSignal,
): Promise<StepOutcome<undefined>> {
  if ("refusal" in answered) throw answered.refusal;
  const { version, encoding } = await answered.session.transaction(facts, signal);
  const detail = `Signed in to ${settings.database} as ${settings.user}; PostgreSQL ${version}`;
  if (encoding === "UTF8") return { state: "ok", detail };
  return {
    state: "warning",
    detail: `${detail}, whose encoding is ${encoding}`,
    reason: "database_encoding",
    remedy:
      "Use a database whose encoding is UTF8: this one refuses every event with a character that it does not have",
  };
}

async function facts(client: Client): Promise<{ readonly version: string; readonly encoding: string }> {
  const answer = await client.query<{ version: string; encoding: string }>(
    "SELECT pg_catalog.current_setting('server_version') AS version, pg_catalog.current_setting('server_encoding') AS encoding",
  );
  return answer.rows[0]!;
}

async function findTable(
  context: PostgresqlContext,
  session: Session,
  signal: AbortSignal,
): Promise<StepOutcome<Target>> {
  const name = tableName(context.settings.table)!;
  const { target, created } = await session.transaction(async (client) => {
    const found = await targetOf(client, name);
    if (found !== undefined || !context.settings.create_table) return { target: found, created: false };
    await client.query(createTable(name, context.settings.body_type));
    return { target: await targetOf(client, name), created: true };
  }, signal);
  if (target === undefined) throw missing(context.settings.table);
  // With no rows: the server checks the rights and the unique key all the same.
  await session.transaction((client) => insertInto(client, target, []), signal);
  return {
    state: "ok",
    detail: `${qualified(name)} ${created ? "was created" : "is there"} and takes events`,
    value: target,
  };
}

async function deliver(
  session: Session,
  target: Target,
  event: OutgoingEvent,
  signal: AbortSignal,
): Promise<StepOutcome<undefined>> {
  const added = await session.transaction((client) => insertInto(client, target, [event]), signal);
  return {
    state: "ok",
    detail: added === 1 ? "The test event is in the table" : "The test event was in the table already",
  };
}

/** The error of a table that is not there. */
export const missing = (table: string): CollectorError =>
  new CollectorError("config_invalid", `There is no table ${table}, or none that this user may see`, {
    reason: "table_missing",
    action: "Create the table, or run the connection test with create_table on",
  });
