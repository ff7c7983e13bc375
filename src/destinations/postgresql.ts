import { defineDestination, type Sender } from "../model/destination.ts";
import type { Batch } from "../model/outgoing.ts";
import { checkPostgresql, missing } from "./parts/postgresql-check.ts";
import { insertInto, type Target, targetOf } from "./parts/postgresql-insert.ts";
import { openSession, type PostgresqlContext, type Session } from "./parts/postgresql-session.ts";
import { PostgresqlSettings } from "./parts/postgresql-settings.ts";
import { tableName } from "./parts/postgresql-table.ts";

interface Connected {
  readonly session: Session;
  readonly target: Target;
}

export const postgresql = defineDestination<PostgresqlSettings>({
  name: "postgresql",
  title: "PostgreSQL",
  description: "Rows in a table of a PostgreSQL database, each event once.",
  group: "database",
  settings: PostgresqlSettings,
  // Without TLS the password would go to whoever listens, so switching it off asks for the password again.
  address: ["host", "port", "tls"],
  formats: ["raw", "ecs", "ocsf", "ocsf-1.9"],
  guarantee: "idempotent",
  guaranteeNote: "A repeat changes nothing: a row whose key is in the table already is left as it is.",
  limits: { events: 2_000, bytes: 8_000_000, eventBytes: 100_000_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open,
});

function open(context: PostgresqlContext): Sender {
  let connected: Connected | undefined;
  const disconnect = async () => {
    const { session } = connected ?? {};
    connected = undefined;
    await session?.close();
  };
  const connection = async (signal: AbortSignal) => {
    if (!connected?.session.isOpen()) {
      await disconnect();
      connected = await connect(context, signal);
    }
    return connected!;
  };
  return {
    async send({ events }: Batch, signal) {
      const { session, target } = await connection(signal);
      await session.transaction((client) => insertInto(client, target, events), signal);
      return {};
    },
    check: (test, signal) => checkPostgresql(context, test, signal),
    close: disconnect,
  };
}

async function connect(context: PostgresqlContext, signal: AbortSignal): Promise<Connected> {
  const session = await openSession(context, signal);
  try {
    const name = tableName(context.settings.table)!;
    const target = await session.transaction((client) => targetOf(client, name), signal);
    if (target === undefined) throw missing(context.settings.table);
    return { session, target };
  } catch (error) {
    await session.close();
    throw error;
  }
}
