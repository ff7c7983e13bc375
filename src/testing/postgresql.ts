// The PostgreSQL server of this machine, for tests: reached on loopback without a password. Each test makes a schema of its own.
import { randomBytes } from "node:crypto";
import pg from "pg";

/** Where it is, unless the environment names another one as a URL. */
const WHERE = new URL(process.env.CISTERN_TEST_POSTGRESQL ?? "postgres://postgres@127.0.0.1:5432/postgres");

export const postgresqlAddress = {
  host: WHERE.hostname,
  port: Number(WHERE.port || 5432),
  database: WHERE.pathname.slice(1),
  user: decodeURIComponent(WHERE.username),
  password: decodeURIComponent(WHERE.password),
};

type Address = Readonly<typeof postgresqlAddress>;

/** A connection as somebody who may do everything. End it after the test. */
export async function administrator(
  address: Address = postgresqlAddress,
  ssl: pg.ClientConfig["ssl"] = false,
): Promise<pg.Client> {
  const client = new pg.Client({ ...address, ssl, connectionTimeoutMillis: 5_000 });
  // A test may take the server away.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Why there is no server to test with; undefined where there is one. */
export async function withoutPostgresql(): Promise<string | undefined> {
  try {
    await (await administrator()).end();
    return undefined;
  } catch (error) {
    return `no PostgreSQL at ${WHERE.host}: ${(error as Error).message}`;
  }
}

export interface TestSchema {
  readonly name: string;
  /** Asks the server, as somebody who may do everything. */
  rows<T extends object>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Drops everything in it, and the connection. */
  close(): Promise<void>;
}

export async function testSchema(): Promise<TestSchema> {
  const name = `cistern_test_${randomBytes(6).toString("hex")}`;
  const client = await administrator();
  await client.query(`CREATE SCHEMA ${name}`);
  return {
    name,
    rows: async <T extends object>(sql: string, values: unknown[] = []) => (await client.query<T>(sql, values)).rows,
    async close() {
      await client.query(`DROP SCHEMA ${name} CASCADE`);
      await client.end();
    },
  };
}
