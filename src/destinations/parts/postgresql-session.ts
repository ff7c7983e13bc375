// One connection to PostgreSQL, kept between batches: guarded sockets, TLS, bounded in time, and given up at the first sign of trouble.
import { Socket } from "node:net";
import type { Client } from "pg";
import type { SenderContext } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { dialOptions, tlsOptions } from "./dial.ts";
import { postgresqlError } from "./postgresql-error.ts";
import type { PostgresqlSettings } from "./postgresql-settings.ts";

export type PostgresqlContext = SenderContext<PostgresqlSettings>;

export interface Session {
  /** False once the connection has broken or been given up. */
  isOpen(): boolean;
  /** Everything that `work` asks, in one transaction: all of it is kept, or nothing. */
  transaction<T>(work: (client: Client) => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

const CONNECT_MS = 10_000;
/** The server ends a statement by its own limit; ours is for a server that says nothing any more. */
const GRACE_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;
const GOODBYE_MS = 1_000;

/** Connects and signs in. Throws CollectorErrors, or the signal's reason. */
export async function openSession(context: PostgresqlContext, signal: AbortSignal): Promise<Session> {
  const { settings } = context;
  signal.throwIfAborted();
  const socket = guardedSocket(context);
  const client = await newClient(context, socket);
  let open = false;
  client.on("error", () => {
    open = false;
  });
  client.on("end", () => {
    open = false;
  });
  const giveUp = () => {
    open = false;
    socket.destroy();
  };
  const bounds = (signal: AbortSignal) => ({ context, socket, signal });
  try {
    await bounded(() => client.connect(), CONNECT_MS, bounds(signal));
    open = true;
  } catch (error) {
    giveUp();
    throw error;
  }
  return {
    isOpen: () => open,
    async transaction(work, signal) {
      const limitMs = settings.timeout_seconds * 1_000 + GRACE_MS;
      try {
        return await bounded(() => inTransaction(client, settings, work), limitMs, bounds(signal));
      } catch (error) {
        if (isRefusal(error)) await bounded(() => client.query("ROLLBACK"), CONNECT_MS, bounds(signal)).catch(giveUp);
        else giveUp();
        throw error;
      }
    },
    async close() {
      if (open) await goodbye(client, context);
      giveUp();
    },
  };
}

/** Without it the server writes of a lost connection into its log. A server that does not answer it is not waited for. */
async function goodbye(client: Client, { sleep }: PostgresqlContext): Promise<void> {
  const said = new AbortController();
  await Promise.race([client.end(), sleep(GOODBYE_MS, said.signal)]);
  said.abort();
}

// What another setting leaves out, the client would take from the environment: PGPASSWORD, PGSSLMODE and their like.
async function newClient({ settings, sockets, product }: PostgresqlContext, socket: Socket): Promise<Client> {
  const { Client: PgClient } = (await import("pg")).default;
  return new PgClient({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password: () => settings.password ?? "",
    ssl: settings.tls ? tlsOptions(sockets, settings.host) : false,
    sslnegotiation: "postgres",
    application_name: product,
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
}

/** A socket that connects to checked addresses only, whatever the client tells it. */
function guardedSocket({ settings, sockets }: PostgresqlContext): Socket {
  const { host: name, port, tls } = settings;
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  const options = dialOptions(sockets, { name, port }, tls ? "later" : "none");
  return Object.assign(socket, { connect: () => connect({ ...options, autoSelectFamily: true }) });
}

/**
 * Whatever the server's or the role's defaults are: one snapshot per statement, an end to waiting, and no commit that a crash of
 * the server takes back. A stricter `synchronous_commit` stays.
 */
const beginning = (ms: number) => `BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL statement_timeout = ${ms};
SET LOCAL idle_in_transaction_session_timeout = ${ms};
SELECT pg_catalog.set_config('synchronous_commit', 'on', true)
  WHERE pg_catalog.current_setting('synchronous_commit') = 'off'`;

async function inTransaction<T>(
  client: Client,
  { timeout_seconds }: PostgresqlSettings,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  await client.query(beginning(timeout_seconds * 1_000));
  const value = await work(client);
  await client.query("COMMIT");
  return value;
}

const isRefusal = (error: unknown) => error instanceof CollectorError && error.code === "rejected";

interface Bounds {
  readonly context: PostgresqlContext;
  readonly socket: Socket;
  readonly signal: AbortSignal;
}

/** The work; the connection is cut where the signal aborts or the time is over, which ends it wherever it is. */
async function bounded<T>(work: () => Promise<T>, limitMs: number, { context, socket, signal }: Bounds): Promise<T> {
  const { host, password } = context.settings;
  const limit = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, limit]);
  const cut = () => socket.destroy();
  either.addEventListener("abort", cut, { once: true });
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) throw tooLate(host);
    throw postgresqlError(error, { host, secrets: password === undefined ? [] : [password] });
  } finally {
    either.removeEventListener("abort", cut);
  }
}

const tooLate = (host: string) =>
  new CollectorError("unavailable", `${host} did not answer in time`, {
    reason: "answer_timeout",
    action: "If it stays, check the server and what stands between",
  });
